package dev.pawl.jackson;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/// A value of a sealed type at the outside. Left to itself, Jackson forgets the type arguments
/// there, and with them the type names in components of a parameter's type.
///
/// @param type the declared type
record Root(Object value, JavaType type) {
  static final class Serializer extends ValueSerializer<Root> {
    @Override
    public void serialize(Root root, JsonGenerator generator, SerializationContext context) {
      var variant = context.constructSpecializedType(root.type, root.value.getClass());
      context
          .findRootValueSerializer(variant)
          .serializeWithType(root.value, generator, context, context.findTypeSerializer(root.type));
    }
  }
}
