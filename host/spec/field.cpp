#include "spec/field.h"

#include "spec/component_type.h"

namespace weir::host::spec {
namespace {

struct Name {
  std::string_view one;
  std::string_view many;
};

Name scalar_name(std::uint32_t type) {
  switch (type) {
    case WEIR_NULL:
      return {"null", "nulls"};
    case WEIR_BOOL:
      return {"true or false", "booleans"};
    case WEIR_INT:
    case WEIR_UINT:
      return {"integer", "integers"};
    case WEIR_DOUBLE:
      return {"number", "numbers"};
    case WEIR_STRING:
      return {"text", "texts"};
    case WEIR_ARRAY:
      return {"list", "lists"};
    case WEIR_OBJECT:
      return {"mapping", "mappings"};
    case WEIR_DURATION:
      return {"duration", "durations"};
    case WEIR_SIZE:
      return {"size", "sizes"};
    case WEIR_FILE:
      return {"file", "files"};
    case WEIR_REGEX:
      return {"regular expression", "regular expressions"};
    case WEIR_PATH:
      return {"path", "paths"};
    case WEIR_CONDITION:
      return {"condition", "conditions"};
    case WEIR_TOPIC:
      return {"topic", "topics"};
    default:
      return {"any JSON", "any JSON"};
  }
}

}  // namespace

std::string_view kind_name(std::uint32_t kind) {
  switch (kind) {
    case WEIR_SOURCE:
      return "source";
    case WEIR_TRANSFORM:
      return "transform";
    case WEIR_PREDICATE:
      return "predicate";
    case WEIR_SINK:
      return "sink";
    case WEIR_CONVERTER:
      return "converter";
    default:
      return "component";
  }
}

std::string type_name(const Field& field) {
  Name name = scalar_name(field.type);
  std::string plural(name.many);
  if (is_component(field.type)) {
    name.one = kind_name(component_kind(field.type));
    plural = std::string(name.one) + "s";
  }
  if (field.is(WEIR_MAP) && field.is(WEIR_LIST)) return "map of lists of " + plural;
  if (field.is(WEIR_MAP)) return "map of " + plural;
  if (field.is(WEIR_LIST)) return "list of " + plural;
  return std::string(name.one);
}

}  // namespace weir::host::spec
