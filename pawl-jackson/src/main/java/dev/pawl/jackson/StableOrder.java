package dev.pawl.jackson;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;

/// Writes sets and maps without an order of their own sorted, so that equal values have equal bytes
/// in every process; `Set.of` and `Map.of` iterate differently in each. All others keep theirs.
final class StableOrder extends ValueSerializerModifier {
  private static final long serialVersionUID = 1;
  private static final Set<Class<?>> UNORDERED =
      Set.of(
          HashMap.class,
          HashSet.class,
          ConcurrentHashMap.class,
          List.of().getClass().getNestHost());

  @Override
  public ValueSerializer<?> modifyCollectionSerializer(
      SerializationConfig config,
      CollectionType type,
      BeanDescription.Supplier description,
      ValueSerializer<?> serializer) {
    return Set.class.isAssignableFrom(type.getRawClass())
        ? new Sorting(serializer, Storable.isScalar(type.getContentType().getRawClass()))
        : serializer;
  }

  @Override
  public ValueSerializer<?> modifyMapSerializer(
      SerializationConfig config,
      MapType type,
      BeanDescription.Supplier description,
      ValueSerializer<?> serializer) {
    return new Sorting(serializer, true);
  }

  private static final class Sorting extends ValueSerializer<Object> {
    private static final Comparator<Object> SCALARS =
        Comparator.nullsFirst(Sorting::compared).thenComparing(String::valueOf);
    private final ValueSerializer<Object> delegate;
    private final boolean scalars;

    @SuppressWarnings("unchecked")
    Sorting(ValueSerializer<?> delegate, boolean scalars) {
      this.delegate = (ValueSerializer<Object>) delegate;
      this.scalars = scalars;
    }

    @SuppressWarnings("unchecked")
    private static int compared(Object one, Object other) {
      var alike = one.getClass() == other.getClass() || one instanceof Enum;
      return alike && one instanceof Comparable<?> comparable
          ? ((Comparable<Object>) comparable).compareTo(other)
          : 0;
    }

    @Override
    public void resolve(SerializationContext context) {
      delegate.resolve(context);
    }

    @Override
    public ValueSerializer<?> createContextual(
        SerializationContext context, @Nullable BeanProperty property) {
      return new Sorting(context.handleSecondaryContextualization(delegate, property), scalars);
    }

    @Override
    public boolean isEmpty(SerializationContext context, Object value) {
      return delegate.isEmpty(context, value);
    }

    @Override
    public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
      delegate.serialize(sorted(value, context), generator, context);
    }

    private Object sorted(Object value, SerializationContext context) {
      if (!UNORDERED.contains(value.getClass().getNestHost())) {
        return value;
      }
      return switch (value) {
        case Set<?> set when set.size() > 1 -> scalars ? sorted(set) : sortedAsText(set, context);
        case Map<?, ?> map when map.size() > 1 -> sorted(map);
        default -> value;
      };
    }

    private static Set<Object> sorted(Set<?> set) {
      var elements = new ArrayList<Object>(set);
      elements.sort(SCALARS);
      return new LinkedHashSet<>(elements);
    }

    private static Map<Object, Object> sorted(Map<?, ?> map) {
      var keys = new ArrayList<Object>(map.keySet());
      keys.sort(SCALARS);
      var sorted = new LinkedHashMap<Object, Object>();
      keys.forEach(key -> sorted.put(key, map.get(key)));
      return sorted;
    }

    private Set<Object> sortedAsText(Set<?> set, SerializationContext context) {
      record Element(String text, Object value) {}
      var elements = new ArrayList<Element>();
      for (var element : set) {
        var alone = new HashSet<Object>();
        alone.add(element);
        var text = new StringWriter();
        try (var generator = context.tokenStreamFactory().createGenerator(context, text)) {
          delegate.serialize(alone, generator, context);
        }
        elements.add(new Element(text.toString(), element));
      }
      elements.sort(Comparator.comparing(Element::text));
      var sorted = new LinkedHashSet<Object>();
      elements.forEach(element -> sorted.add(element.value()));
      return sorted;
    }
  }
}
