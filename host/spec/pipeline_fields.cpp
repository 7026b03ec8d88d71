#include "spec/pipeline_fields.h"

#include <algorithm>

#include "spec/component_type.h"

namespace weir::host::spec {
namespace {

Field field(std::string name, std::uint32_t type, std::string summary) {
  Field out;
  out.name = std::move(name);
  out.type = type;
  out.summary = std::move(summary);
  return out;
}

Field with_default(Field field, std::string json) {
  field.default_json = std::move(json);
  return field;
}

Field with_flags(Field field, std::uint32_t flags) {
  field.flags |= flags;
  return field;
}

Field with_choices(Field field, std::vector<std::string> choices) {
  field.choices = std::move(choices);
  return field;
}

Field group(std::string name, std::string summary, std::vector<Field> fields) {
  Field out = with_default(field(std::move(name), WEIR_OBJECT, std::move(summary)), "{}");
  out.fields = std::move(fields);
  return out;
}

Field spool_fields() {
  Field spool = field("spool", WEIR_OBJECT,
                      "Keeps records on disk between the source and the sink, so that the source can go on while the "
                      "sink is away.");
  spool.fields = {
      with_flags(field("path", WEIR_FILE, "The folder of the spool, its own; made when it is missing."),
                 WEIR_REQUIRED | WEIR_OUTPUT),
      with_default(field("max_bytes", WEIR_SIZE, "What it may take on disk; when it is full the source waits."),
                   R"("50GiB")"),
      with_default(field("max_age", WEIR_DURATION,
                         "Records that were not delivered for so long are given up, counted as expired."),
                   R"("30d")"),
      with_default(field("keep_delivered", WEIR_DURATION, "How long delivered records are kept for `weir replay`."),
                   R"("0d")"),
      with_flags(field("encryption_secret", WEIR_STRING,
                       "Encrypts the records on disk. One secret a line, each of at least 16 bytes: the first "
                       "encrypts, all decrypt."),
                 WEIR_SECRET)};
  return spool;
}

std::vector<Field> make_pipeline_fields() {
  return {
      with_flags(
          field("name", WEIR_STRING, "Name of the pipeline, unique in a run; its stored positions are kept under it."),
          WEIR_REQUIRED),
      with_default(field("tasks_max", WEIR_UINT, "How many copies of the pipeline run side by side at most."), "1"),
      with_default(field("transform_threads", WEIR_UINT,
                         "Threads of each task that do nothing but transform, side by side and in order; every "
                         "transform has to be "
                         "without a state. 0: the task's own thread transforms."),
                   "0"),
      with_flags(field("source", component_type(WEIR_SOURCE), "Where the records come from."), WEIR_REQUIRED),
      with_flags(field("transforms", component_type(WEIR_TRANSFORM), "What is done to the records, in this order."),
                 WEIR_LIST),
      with_flags(field("predicates", component_type(WEIR_PREDICATE),
                       "Named conditions that transforms choose their records by."),
                 WEIR_MAP),
      with_flags(field("sink", component_type(WEIR_SINK), "Where the records go."), WEIR_REQUIRED),
      spool_fields(),
      field("dead_letter", component_type(WEIR_SINK), "The sink of records that cannot be processed."),
      group(
          "errors", "What happens when a record or a call fails.",
          {with_choices(field("tolerance", WEIR_STRING,
                              "none: the first bad record stops the pipeline (default without dead_letter); all: bad "
                              "records go to the dead letter sink, or are dropped and counted when there is none."),
                        {"none", "all"}),
           with_default(field("retry_timeout", WEIR_DURATION,
                              "How long a source or transform may ask for another try before the pipeline fails."),
                        R"("5m")"),
           with_default(field("retry_delay_max", WEIR_DURATION, "The longest pause between two tries."), R"("60s")")}),
      with_default(field("memory", WEIR_SIZE,
                         "What the records of the pipeline that are not yet delivered may take; one record at most a "
                         "quarter of it."),
                   R"("64MiB")"),
      group("offsets", "How positions are stored.",
            {with_default(field("interval", WEIR_DURATION, "The shortest time between two stored checkpoints."),
                          R"("250ms")")}),
      with_default(field("shutdown_timeout", WEIR_DURATION, "How long a stop waits for what is in flight."),
                   R"("10s")"),
  };
}

Field type_field(std::string_view role) {
  return with_flags(field("type", WEIR_STRING, "Which " + std::string(role) + "; the other keys are its fields."),
                    WEIR_REQUIRED);
}

std::vector<Field> make_transform_fields() {
  return {type_field("transform"),
          field("name", WEIR_STRING,
                "Name in messages and metrics, unique in the pipeline; by default the type, made unique."),
          field("predicate", WEIR_STRING,
                "Name of the predicate that chooses the records this transform sees; the others pass it."),
          with_default(field("negate", WEIR_BOOL, "Sees the records that the predicate does not choose."), "false"),
          field("privacy", WEIR_BOOL,
                "true: this transform protects people, so a record it fails on goes nowhere with its payload."),
          with_choices(field("at", WEIR_STRING,
                             "ingest: works before the spool, on what is written there; the others work behind it."),
                       {"ingest"})};
}

std::vector<Field> make_dead_letter_fields() {
  return {type_field("sink"),
          with_choices(field("payload", WEIR_STRING,
                             "plain: dead letters hold the record as it was read (default; beside a privacy transform "
                             "they hold position and reason only). encrypted: only who has the secret can read it."),
                       {"plain", "encrypted"}),
          with_flags(field("encryption_secret", WEIR_STRING,
                           "Encrypts dead letters. One secret a line, each of at least 16 bytes: the first encrypts, "
                           "all decrypt. By default the spool's."),
                     WEIR_SECRET)};
}

}  // namespace

std::uint32_t kind_of(Role role) {
  switch (role) {
    case Role::source:
      return WEIR_SOURCE;
    case Role::transform:
      return WEIR_TRANSFORM;
    case Role::predicate:
      return WEIR_PREDICATE;
    default:
      return WEIR_SINK;
  }
}

std::string_view role_name(Role role) {
  return role == Role::dead_letter ? "dead letter sink" : kind_name(kind_of(role));
}

const std::vector<Field>& pipeline_fields() {
  static const std::vector<Field> fields = make_pipeline_fields();
  return fields;
}

const std::vector<Field>& host_fields(Role role) {
  static const std::vector<Field> transform = make_transform_fields();
  static const std::vector<Field> dead_letter = make_dead_letter_fields();
  static const std::vector<Field> source = {type_field("source")};
  static const std::vector<Field> predicate = {type_field("predicate")};
  static const std::vector<Field> sink = {type_field("sink")};
  switch (role) {
    case Role::source:
      return source;
    case Role::transform:
      return transform;
    case Role::predicate:
      return predicate;
    case Role::sink:
      return sink;
    case Role::dead_letter:
      break;
  }
  return dead_letter;
}

std::vector<Field> fields_of(Role role, const ComponentInfo& info) {
  std::vector<Field> fields = host_fields(role);
  const std::size_t own = fields.size();
  for (const Field& field : info.fields) {
    const auto end = fields.begin() + static_cast<std::ptrdiff_t>(own);
    if (std::none_of(fields.begin(), end, [&](const Field& f) { return f.name == field.name; }))
      fields.push_back(field);
  }
  return fields;
}

}  // namespace weir::host::spec
