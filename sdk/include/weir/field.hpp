#pragma once
#include <weir/abi.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "weir/default_json.hpp"

/// The configuration fields of a component, declared as constants: the host checks, documents and masks them before any code of
/// the plugin runs.
///
///   static constexpr auto fields = weir::fields(
///       weir::required("rules", weir::list(weir::fields(
///           weir::required("field", weir::Type::path, "What to change."),
///           weir::required("action", weir::choices("mask", "remove"), "How.")), "The rules, applied in order.")),
///       weir::optional("keep", weir::Type::integer, "4", "Characters that stay."),
///       weir::optional("secret", weir::Type::secret, "Key of the pseudonyms."));
namespace weir {

/// Each has an accessor of the same name in Context.
enum class Type : std::uint32_t {
  text,
  integer,  // 64 bits with sign
  number,
  flag,      // true or false
  duration,  // 30d 5m 250ms
  size,      // 64MiB
  file,      // relative to the YAML file
  regex,     // RE2
  path,      // user.email; one place unless weir::places says more
  topic,     // a name Kafka allows
  condition,
  secret,  // a text that is never shown
  json,    // any value
  list,    // of any values; weir::list says which
  map,     // free names, any values; weir::map says which
};

namespace detail {

/// A weir_field whose pointers are still indexes into the arrays around it.
struct Row {
  const char* name = "";
  std::uint32_t type = 0;
  std::uint32_t flags = 0;
  const char* default_json = nullptr;
  const char* summary = "";
  std::size_t choice_at = 0;
  std::size_t choice_count = 0;
  std::size_t child_at = 0;
  std::size_t child_count = 0;
};

constexpr Row row_of(Type type) {
  switch (type) {
    case Type::text:
      return {.type = WEIR_STRING};
    case Type::integer:
      return {.type = WEIR_INT};
    case Type::number:
      return {.type = WEIR_DOUBLE};
    case Type::flag:
      return {.type = WEIR_BOOL};
    case Type::duration:
      return {.type = WEIR_DURATION};
    case Type::size:
      return {.type = WEIR_SIZE};
    case Type::file:
      return {.type = WEIR_FILE};
    case Type::regex:
      return {.type = WEIR_REGEX};
    case Type::path:
      return {.type = WEIR_PATH};
    case Type::topic:
      return {.type = WEIR_TOPIC};
    case Type::condition:
      return {.type = WEIR_CONDITION};
    case Type::secret:
      return {.type = WEIR_STRING, .flags = WEIR_SECRET};
    case Type::json:
      return {.type = WEIR_ANY};
    case Type::list:
      return {.type = WEIR_ANY, .flags = WEIR_LIST};
    case Type::map:
      return {.type = WEIR_ANY, .flags = WEIR_MAP};
  }
  throw "not a type";
}

constexpr bool is_lower_snake_case(const char* name) {
  if (*name < 'a' || *name > 'z') return false;
  for (; *name != '\0'; ++name) {
    if ((*name < 'a' || *name > 'z') && (*name < '0' || *name > '9') && *name != '_') return false;
  }
  return true;
}

}  // namespace detail

/// What a field holds: a type, choices, nested fields, and all that lies below. Made by the functions here.
template <std::size_t Rows, std::size_t Texts>
struct Field {
  detail::Row row;
  std::array<detail::Row, Rows> nested{};
  std::array<const char*, Texts> texts{};
};

/// Fields side by side: the first `Direct` rows; what is nested in them comes after.
template <std::size_t Direct, std::size_t Rows, std::size_t Texts>
struct Fields {
  std::array<detail::Row, Rows> rows{};
  std::array<const char*, Texts> texts{};
};

namespace detail {

constexpr Field<0, 0> what(Type type) { return {.row = row_of(type)}; }

template <std::size_t Rows, std::size_t Texts>
constexpr Field<Rows, Texts> what(Field<Rows, Texts> field) {
  return field;
}

template <std::size_t Direct, std::size_t Rows, std::size_t Texts>
constexpr Field<Rows, Texts> what(const Fields<Direct, Rows, Texts>& fields) {
  return {.row = {.type = WEIR_OBJECT, .child_count = Direct}, .nested = fields.rows, .texts = fields.texts};
}

template <std::size_t Rows, std::size_t Texts>
constexpr Field<Rows, Texts> named(Field<Rows, Texts> field, const char* name, const char* summary) {
  if (!is_lower_snake_case(name)) throw "a field's name is lower_snake_case";
  if (*summary == '\0') throw "a field has a summary";
  field.row.name = name;
  field.row.summary = summary;
  return field;
}

template <std::size_t Rows, std::size_t Texts>
constexpr Field<Rows, Texts> flagged(Field<Rows, Texts> field, std::uint32_t flag) {
  field.row.flags |= flag;
  return field;
}

/// Puts fields one after the other, nested rows and texts behind them, and moves their indexes.
template <std::size_t Direct, std::size_t Rows, std::size_t Texts>
struct Packer {
  Fields<Direct, Rows, Texts> packed{};
  std::size_t direct = 0;
  std::size_t rows = Direct;
  std::size_t texts = 0;

  template <std::size_t R, std::size_t T>
  constexpr void add(const Field<R, T>& field) {
    const std::size_t row_base = rows;
    const std::size_t text_base = texts;
    packed.rows[direct++] = moved(field.row, row_base, text_base);
    for (const Row& row : field.nested) packed.rows[rows++] = moved(row, row_base, text_base);
    for (const char* text : field.texts) packed.texts[texts++] = text;
  }

  static constexpr Row moved(Row row, std::size_t rows, std::size_t texts) {
    row.child_at += rows;
    row.choice_at += texts;
    return row;
  }
};

/// The weir_field rows of a class, as static data: pointers go into the object itself.
template <std::size_t Direct, std::size_t Rows, std::size_t Texts>
struct FieldTable {
  std::array<const char*, Texts> texts{};
  std::array<weir_field, Rows> fields{};

  constexpr explicit FieldTable(const Fields<Direct, Rows, Texts>& declared) : texts(declared.texts) {
    for (std::size_t i = 0; i < Rows; ++i) fields[i] = field_of(declared.rows[i]);
  }
  constexpr weir_field field_of(const Row& row) const {
    return {row.name,
            row.type,
            row.flags,
            row.default_json,
            row.summary,
            row.choice_count == 0 ? nullptr : texts.data() + row.choice_at,
            row.child_count == 0 ? nullptr : fields.data() + row.child_at,
            row.child_count};
  }
};

}  // namespace detail

/// Texts to choose from, in place of a type.
template <typename... Text>
constexpr Field<0, sizeof...(Text) + 1> choices(const Text*... text) {
  static_assert(sizeof...(Text) > 0, "choices need at least one text");
  return {.row = {.type = WEIR_STRING, .choice_count = sizeof...(Text)}, .nested = {}, .texts = {text..., nullptr}};
}

/// A list of what `of` says: a type, choices or nested fields; in place of a type.
template <typename What>
constexpr auto list(const What& of) {
  return detail::flagged(detail::what(of), WEIR_LIST);
}

/// Free names, each with a value of what `of` says; in place of a type.
template <typename What>
constexpr auto map(const What& of) {
  return detail::flagged(detail::what(of), WEIR_MAP);
}

/// A field that must be there. `what`: a Type, choices(…), list(…), map(…) or fields(…), an object.
template <typename What>
constexpr auto required(const char* name, const What& what, const char* summary) {
  return detail::flagged(detail::named(detail::what(what), name, summary), WEIR_REQUIRED);
}

/// A field that may be left out: ask Context::has.
template <typename What>
constexpr auto optional(const char* name, const What& what, const char* summary) {
  return detail::named(detail::what(what), name, summary);
}

/// A field with a default, a JSON text written as in the YAML: R"("***")", "4", R"("250ms")".
template <typename What>
constexpr auto optional(const char* name, const What& what, const char* default_json, const char* summary) {
  if (!detail::DefaultJson::is_valid(default_json)) throw R"x(a default is JSON: a text is written as R"("country")")x";
  auto field = detail::named(detail::what(what), name, summary);
  field.row.default_json = default_json;
  return field;
}

/// A required list or map, written in one: weir::list("rules", weir::fields(…), "…").
template <typename What>
constexpr auto list(const char* name, const What& of, const char* summary) {
  return required(name, list(of), summary);
}
template <typename What>
constexpr auto map(const char* name, const What& of, const char* summary) {
  return required(name, map(of), summary);
}

/// Marks a field: its values (a whole map's too) are never shown.
template <std::size_t Rows, std::size_t Texts>
constexpr auto secret(const Field<Rows, Texts>& field) {
  return detail::flagged(field, WEIR_SECRET);
}
/// Marks a field of Type::file: the component writes to that file. Two writers of one path in a run are refused.
template <std::size_t Rows, std::size_t Texts>
constexpr auto output(const Field<Rows, Texts>& field) {
  if (field.row.type != WEIR_FILE) throw "an output is a file";
  return detail::flagged(field, WEIR_OUTPUT);
}
/// Marks a field of Type::path, or a list or map of them: `*` and `**` are taken, and the component does what it does at each place
/// (Doc::match, rewrite, remove, set). Without it a path names one place, and Weir refuses others.
template <std::size_t Rows, std::size_t Texts>
constexpr auto places(const Field<Rows, Texts>& field) {
  if (field.row.type != WEIR_PATH) throw "places are those of a path";
  return detail::flagged(field, WEIR_PLACES);
}
/// Marks a field: still understood, no longer recommended; its summary says what to use.
template <std::size_t Rows, std::size_t Texts>
constexpr auto deprecated(const Field<Rows, Texts>& field) {
  return detail::flagged(field, WEIR_DEPRECATED);
}

/// All fields of a component, or of an object in a list.
template <std::size_t... Rows, std::size_t... Texts>
constexpr auto fields(const Field<Rows, Texts>&... field) {
  detail::Packer<sizeof...(Rows), (sizeof...(Rows) + ... + Rows), (std::size_t{0} + ... + Texts)> packer;
  (packer.add(field), ...);
  return packer.packed;
}

}  // namespace weir
