package dev.pawl.jackson;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.jsontype.NamedType;

/// Gives the variants of sealed types a type name in their JSON. The property's name is no Java
/// identifier, so no component can clash with it. Every component is written, whatever its value,
/// and must be there to be read, but for optional ones.
final class SealedTypes extends JacksonAnnotationIntrospector {
  static final String PROPERTY = "@type";
  private static final long serialVersionUID = 1;
  private final transient Map<Class<?>, String> aliases;

  SealedTypes(Map<Class<?>, String> aliases) {
    this.aliases = aliases;
  }

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
      MapperConfig<?> config, Annotated annotated) {
    return annotated instanceof AnnotatedClass type && isSealed(type.getRawType())
        ? JsonTypeInfo.Value.construct(
            JsonTypeInfo.Id.NAME,
            JsonTypeInfo.As.PROPERTY,
            PROPERTY,
            null,
            false,
            Boolean.TRUE,
            null)
        : super.findPolymorphicTypeInfo(config, annotated);
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
    if (!(annotated instanceof AnnotatedClass type) || !isSealed(type.getRawType())) {
      return super.findSubtypes(config, annotated);
    }
    var named = new ArrayList<NamedType>();
    for (var leaf : leaves(type.getRawType())) {
      named.add(new NamedType(leaf, name(leaf)));
    }
    return named;
  }

  @Override
  public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
    return !member.getRawType().getName().startsWith("java.util.Optional");
  }

  @Override
  public JsonInclude.Value findPropertyInclusion(MapperConfig<?> config, Annotated annotated) {
    return JsonInclude.Value.empty();
  }

  /// What a variant is called.
  String name(Class<?> variant) {
    return aliases.getOrDefault(variant, variant.getSimpleName());
  }

  /// Whether it has variants. An enum whose constants have bodies and `ZoneId` are sealed too, but
  /// are stored as one string.
  static boolean isSealed(Class<?> type) {
    return type.isSealed() && !Storable.isScalar(type);
  }

  /// The classes below a sealed type that have instances of their own.
  static List<Class<?>> leaves(Class<?> sealed) {
    var leaves = new ArrayList<Class<?>>();
    for (var permitted : sealed.getPermittedSubclasses()) {
      if (isSealed(permitted)) {
        leaves(permitted).stream().filter(leaf -> !leaves.contains(leaf)).forEach(leaves::add);
      } else if (!leaves.contains(permitted)) {
        leaves.add(permitted);
      }
    }
    return leaves;
  }
}
