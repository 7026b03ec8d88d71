#include "spec/pipeline_spec.h"

namespace weir::host::spec {
namespace {

/// Text inside a table's cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string code(std::string_view text) { return "`" + cell(text) + "`"; }

std::string type_cell(const Field& field) {
  std::string text = type_name(field);
  for (std::size_t i = 0; i < field.choices.size(); ++i) text += (i == 0 ? ": " : " ") + code(field.choices[i]);
  if (field.is(WEIR_SECRET)) text += ", secret";
  if (field.is(WEIR_OUTPUT)) text += ", written";
  if (field.is(WEIR_PLACES)) text += ", also with `*` and `**`";
  if (field.is(WEIR_DEPRECATED)) text += ", deprecated";
  return text;
}

std::string default_cell(const Field& field) {
  if (field.is(WEIR_REQUIRED) && !field.default_json) return "required";
  return field.default_json ? code(*field.default_json) : "";
}

/// A field's row and those of the fields within it, named `rules[].field` in lists and `headers.*.value` in maps.
void add_rows(const std::vector<Field>& fields, const std::string& prefix, std::string& page) {
  for (const Field& field : fields) {
    const std::string name = prefix + field.name;
    page += "| " + code(name) + " | " + type_cell(field) + " | " + default_cell(field) + " | " + cell(field.summary) +
            " |\n";
    add_rows(field.fields, name + (field.is(WEIR_MAP) ? ".*" : "") + (field.is(WEIR_LIST) ? "[]" : "") + ".", page);
  }
}

std::string notes(const ComponentInfo& component) {
  std::string text;
  const auto note = [&](std::uint32_t capability, std::string_view sentence) {
    if ((component.capabilities & capability) != 0) text += "- " + std::string(sentence) + "\n";
  };
  note(WEIR_PRIVACY, "Protects people: a record it fails on goes nowhere with its payload.");
  note(WEIR_TOMBSTONES, "Sees tombstones (null values) too.");
  note(WEIR_HOLDS, "May hold records back or merge them.");
  note(WEIR_RESUMABLE, "Goes on where it stopped: its positions outlive the process.");
  note(WEIR_DURABLE, "Can be the dead letter sink.");
  note(WEIR_EXCLUSIVE, "Can be used once in a run.");
  return text;
}

}  // namespace

std::string component_page(const ComponentInfo& component) {
  std::string page =
      "# " + component.name + " (" + std::string(kind_name(component.kind)) + ")\n\n" + component.summary + "\n\n";
  if (const std::string text = notes(component); !text.empty()) page += text + "\n";
  if (component.fields.empty()) {
    page += "It has no fields.\n";
  } else {
    page += "| Field | Type | Default | Meaning |\n|---|---|---|---|\n";
    add_rows(component.fields, "", page);
  }
  if (!component.details.empty()) page += "\n" + component.details + (component.details.ends_with('\n') ? "" : "\n");
  page += "\nVersion " + component.version + ".\n";
  return page;
}

}  // namespace weir::host::spec
