/* SPDX-License-Identifier: Apache-2.0
 * weir plugin ABI: the only file that host and plugins share. C11, no dependency but the two headers below.
 *
 * Rules of the line:
 *   - Until the first tagged release the exported symbol is weir_plugin_v0 and everything may change; from then on it is
 *     weir_plugin_v1 and nothing released changes: no field, slot, constant or meaning. Tables grow at the end only;
 *     `struct_size` says how much of one is there.
 *   - Who allocates frees. What a side is given is valid until its function returns, unless the comment says longer.
 *     What a side gives is copied before the call returns, unless the comment says otherwise.
 *   - No exception, no C++ type, no FILE*, no errno crosses. Text is UTF-8.
 *   - Thread tags: [control] the thread that builds and tears down pipelines; [task] one thread at a time per instance,
 *     not always the same one; [any] any thread, at any time between create and destroy.
 *   - Order of calls: create [control] - start [task] - poll/apply/put/tick/service... [task] - flush - stop [task] - destroy [control].
 *     After stop, start may come again (restart, rewind). `weir validate` calls create and destroy only: create touches nothing outside.
 */
#ifndef WEIR_ABI_H
#define WEIR_ABI_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define WEIR_ABI_MINOR 0u /* newest minor this header knows */
#ifndef WEIR_ABI_TARGET   /* oldest host minor the plugin wants to run in; slots newer than it are hidden below */
#define WEIR_ABI_TARGET 0u
#endif

/* ---- status: negative ones name the host's reaction ---- */
typedef int32_t weir_status;
#define WEIR_OK ((weir_status)0)
#define WEIR_NOT_FOUND ((weir_status)1) /* nothing there: no error                                        */
#define WEIR_END ((weir_status)2)       /* poll: this source is exhausted                                 */
#define WEIR_E_USAGE ((weir_status)-1)  /* the caller broke the contract                                  */
#define WEIR_E_CONFIG ((weir_status)-2) /* create, start: configuration refused                           */
#define WEIR_E_DATA ((weir_status)-3)   /* this record is bad: tolerance, dead letter                     */
#define WEIR_E_RETRY ((weir_status)-4)  /* transient and nothing was touched: same call again, later      */
#define WEIR_E_FATAL ((weir_status)-5)  /* the task has to stop                                           */

/* ---- values: frozen, 16 and 24 bytes ---- */
typedef struct weir_str {
  const char* ptr; /* NULL: absent (null key, tombstone). "" with 0: empty */
  size_t len;
} weir_str;

#define WEIR_NULL 0u
#define WEIR_BOOL 1u /* as.i: 0 or 1 */
#define WEIR_INT 2u
#define WEIR_UINT 3u
#define WEIR_DOUBLE 4u /* also integers beyond uint64: raw() has their text */
#define WEIR_STRING 5u /* unescaped */
#define WEIR_ARRAY 6u
#define WEIR_OBJECT 7u
#define WEIR_JSON 8u /* as.s: JSON text as it stands; only on paths compiled with WEIR_TEXT */

typedef struct weir_value {
  uint32_t type;
  uint32_t reserved; /* 0 */
  union {
    int64_t i;
    uint64_t u;
    double d;
    weir_str s;
    size_t count; /* members of an array or object */
  } as;
} weir_value;

#define WEIR_LOG_ERROR 0
#define WEIR_LOG_WARN 1
#define WEIR_LOG_INFO 2
#define WEIR_LOG_DEBUG 3
#define WEIR_LOG_TRACE 4

/* ---- handles: only the host knows what is inside ---- */
typedef struct weir_ctx weir_ctx;             /* host side of one instance                    */
typedef struct weir_path weir_path;           /* compiled path: as old as its ctx             */
typedef struct weir_condition weir_condition; /* compiled condition: as old as its ctx        */
typedef struct weir_doc weir_doc;             /* the JSON of one slot, during one call        */
typedef struct weir_record weir_record;       /* during one call; a sink's until its ack, a held one until emitted */
typedef struct weir_output weir_output;       /* where new records go, during one call        */
typedef struct weir_origin
    weir_origin; /* one resume point of a source, counted by the host; open until the call that made it returns */

#define WEIR_KEY 0
#define WEIR_VALUE 1

typedef struct weir_batch {
  uint32_t struct_size;
  uint32_t count;              /* may be 0 */
  weir_record* const* records; /* live ones the predicate chose, in order */
} weir_batch;

typedef struct weir_settled {
  uint64_t token; /* the source's own, from origin()                                                   */
  weir_status
      status; /* OK: delivered, filtered or durably dead-lettered. E_DATA: refused. E_RETRY: given back, send again */
  uint32_t reserved;
} weir_settled;

typedef weir_status (*weir_visit)(void* user, weir_str name,
                                  const weir_value* value); /* not OK: ends the walk, is its result */

#define WEIR_KEEP 0
#define WEIR_REPLACE 1      /* by *to as a JSON value            */
#define WEIR_REPLACE_JSON 2 /* by to->as.s, JSON text            */
#define WEIR_REMOVE 3
typedef int32_t (*weir_rewrite)(void* user, weir_str name, const weir_value* at,
                                weir_value* to); /* an action, or a negative status */

/* What a path is for, so that the host can plan: */
#define WEIR_READ 1u
#define WEIR_WRITE 2u
#define WEIR_PIN 4u /* no later transform may write it: validate checks */
#define WEIR_TEXT \
  8u /* match and rewrite hand out WEIR_JSON: also what cannot be used as a value, such as 1e400 or half a surrogate pair */

/* ---- what the host gives a plugin ---- */
typedef struct weir_host {
  uint32_t struct_size;
  uint32_t minor;      /* the host's own */
  const char* version; /* for messages */

  /* Instance. */
  int32_t (*log_level)(weir_ctx*);                      /* [any] lines above it are thrown away */
  void (*log)(weir_ctx*, int32_t level, weir_str text); /* [any] */
  void (*alarm)(weir_ctx*, const char* name,
                weir_str text); /* [any] error line alarm=NAME, at most one a minute a name, and a metric */
  void (*set_error)(weir_ctx*, weir_str pointer,
                    weir_str text); /* explains the status returned next; pointer: "rules/2/field". In create once
     for each thing that is wrong: all are shown, of one pointer the last; elsewhere the last call counts */
  const void* (*extension)(weir_ctx*, const char* id); /* [any] "weir.topics/1"; NULL: unknown */
  int64_t (*now_ms)(weir_ctx*);                        /* [any] wall clock, injectable */
  uint32_t (*task)(weir_ctx*, uint32_t* count);        /* [any] which of how many tasks this instance serves */
  uint64_t (*memory)(weir_ctx*);                       /* [any] bytes of `memory:` that are this task's share */

  /* Configuration: validated, defaults filled in, durations in ms, sizes in bytes, file paths absolute. */
  weir_status (*config)(weir_ctx*, weir_str pointer, weir_value* out); /* "rules/2/action"; as old as ctx */
  weir_status (*config_each)(weir_ctx*, weir_str pointer, weir_visit,
                             void* user); /* file order; of a list: name.ptr NULL. Pointers escape '/' as "~1" */
  weir_status (*config_json)(weir_ctx*, weir_str pointer, weir_str* json); /* compact, numbers as written */
  uint32_t (*role)(weir_ctx*);                                             /* 0: sink, 1: dead letter sink */
  const weir_path* (*compile)(weir_ctx*, int32_t slot, weir_str path, uint32_t use,
                              const weir_path* base); /* in create only; base: relative to each place it names.
     NULL: refused, and explained if create then returns E_CONFIG. A path is good for its own instance, slot and use: writing wants WEIR_WRITE */
  const weir_condition* (*condition)(weir_ctx*, weir_str pointer); /* in create only; a field of type WEIR_CONDITION */
  weir_status (*matches)(const weir_condition*, weir_record*);     /* OK, NOT_FOUND: no match, E_DATA */

  /* Documents. Views live until the call into the plugin returns, through any write. A document is its call's: E_USAGE afterwards. A
     visitor that lets an exception out fails the whole call. */
  weir_status (*doc)(weir_record*, int32_t slot, weir_doc**); /* NOT_FOUND: null slot; E_DATA: not JSON */
  weir_status (*get)(const weir_doc*, const weir_path*, weir_value* out);
  weir_status (*raw)(const weir_doc*, const weir_path*, weir_str* json);          /* the text as it stands */
  weir_status (*each)(const weir_doc*, const weir_path*, weir_visit, void* user); /* members of one array or object */
  weir_status (*match)(const weir_doc*, const weir_path*, weir_visit,
                       void* user);                                   /* every place a path with * or ** names */
  weir_status (*set)(weir_doc*, const weir_path*, const weir_value*); /* a scalar; creates parents */
  weir_status (*set_json)(weir_doc*, const weir_path*, weir_str json);
  weir_status (*rewrite)(weir_doc*, const weir_path*, weir_rewrite, void* user); /* edits every place a path names */
  weir_status (*move)(weir_doc*, const weir_path* from, const weir_path* to);
  weir_status (*remove)(weir_doc*, const weir_path*);

  /* Slots and envelope. */
  weir_str (*bytes)(weir_record*, int32_t slot); /* with all edits; a sink may ask on any thread until its ack */
  weir_status (*set_bytes)(weir_record*, int32_t slot,
                           weir_str); /* copied; ptr NULL: null; E_DATA: beyond a quarter of the pipeline's memory */
  weir_str (*topic)(const weir_record*);
  int32_t (*partition)(const weir_record*);    /* -1: the sink decides */
  int64_t (*timestamp_ms)(const weir_record*); /* -1: none */
  weir_status (*set_topic)(weir_record*, weir_str);
  weir_status (*set_partition)(weir_record*, int32_t);
  weir_status (*set_timestamp_ms)(weir_record*, int64_t);
  uint32_t (*header_count)(const weir_record*);
  weir_status (*header_at)(const weir_record*, uint32_t, weir_str* name, weir_str* value);
  weir_status (*header_add)(weir_record*, weir_str name,
                            weir_str value); /* names may repeat; "__weir." is the host's */
  uint32_t (*header_remove)(weir_record*, weir_str name);

  /* Fate. Without a call the record goes on. */
  void (*drop)(weir_record*); /* filtered */
  void (*fail)(weir_record*, weir_status, const char* reason,
               const weir_path* at);   /* reason: a constant of the plugin's, never data; NULL: the host's
     own, of the latest E_DATA it returned about that record in this call. Clones made of it in this call fail with it. In put it is the record's
     acknowledgement, with E_DATA, and says where: the record counts as taken */
  weir_record* (*clone)(weir_record*); /* goes on after the record and its earlier clones; shares bytes until written */

  /* Sources: an origin is one resume point. Its records, their clones and what they were merged into settle together. */
  weir_origin* (*origin)(weir_output*, weir_str partition, weir_str offset,
                         uint64_t token); /* resume after offset; partition NULL: never stored, only settled();
     dead letters show its offset. NULL: as append */
  weir_record* (*append)(
      weir_output*,
      weir_origin*); /* NULL: full, return from poll; what is left of a cut request gets a new origin with the same token */
  char* (*buffer)(weir_output*,
                  size_t size); /* batch memory to read into; NULL beyond a quarter of the pipeline's memory at
     once or half of it in one poll */
  weir_status (*set_view)(weir_record*, int32_t slot, weir_str inside_buffer); /* no copy */
  weir_status (*stored)(weir_ctx*, weir_str partition, weir_str* offset);      /* [task] NOT_FOUND: start anew */
  weir_status (*revoke)(weir_ctx*, weir_str partition,
                        uint32_t timeout_ms); /* [task] drain, store, forget: later acknowledgements are ignored */

  /* Transforms that hold or merge (WEIR_HOLDS). */
  weir_status (*hold)(weir_record*); /* counts against the pipeline's memory */
  weir_record* (*emit)(weir_output*, weir_record* const* from,
                       uint32_t count); /* N -> 1 (or 0 -> 1): starts as a copy of the first, takes over the
     origins. Each one held by this instance or live in this call; NULL: refused */

  /* Sinks: exactly once per record taken, all before destroy returns; only queues, so it is cheap and safe anywhere. OK: delivered;
     E_DATA: this record cannot be; E_RETRY: given back; E_FATAL. reason: a constant, or NULL. */
  void (*ack)(weir_record* const*, uint32_t count, weir_status, const char* reason); /* [any] */
} weir_host;

/* Extension "weir.topics/1" of the host, for sinks: where records may go beside the sink's own topic, as far as it is declared. Each name
 * once; as old as ctx. */
typedef struct weir_topics {
  uint32_t struct_size;
  uint32_t count;
  const weir_str* names; /* what transforms have in fields of type WEIR_TOPIC */
} weir_topics;

/* Extension "weir.pipeline/1": what an instance may know of the pipeline it is part of. As old as the instance. */
typedef struct weir_pipeline {
  uint32_t struct_size;
  uint32_t output_count;
  weir_str name;           /* unique in a run */
  const weir_str* outputs; /* the files its components write (WEIR_OUTPUT), absolute: a source must not read them */
} weir_pipeline;

/* ---- what a plugin gives the host ---- */
#define WEIR_REQUIRED 1u
#define WEIR_SECRET 2u /* never logged, shown as *** */
#define WEIR_DEPRECATED 4u
#define WEIR_LIST 8u    /* a list of what `type` says */
#define WEIR_MAP 16u    /* free names, each value what `type` says */
#define WEIR_OUTPUT 32u /* of a WEIR_FILE: the component writes to it. One path, one writer in a run */
#define WEIR_PLACES \
  64u /* of a WEIR_PATH: * and ** are welcome. Without it a path that may name several places is refused */

/* Types of configuration fields beyond the JSON types: the host parses, checks and compiles them. */
#define WEIR_DURATION 16u
#define WEIR_SIZE 17u
#define WEIR_FILE 18u /* relative to the YAML file */
#define WEIR_REGEX 19u
#define WEIR_PATH 20u
#define WEIR_CONDITION 21u
#define WEIR_TOPIC 22u
#define WEIR_ANY 23u /* any JSON value */

typedef struct weir_field {
  const char* name;
  uint32_t type;
  uint32_t flags;
  const char* default_json;        /* NULL: none */
  const char* summary;             /* one sentence for `weir plugins` and the docs */
  const char* const* choices;      /* NULL, or a NULL-ended list */
  const struct weir_field* fields; /* of an object, or of each object in a list */
  size_t field_count;
} weir_field;

/* Capabilities: what the host may skip, plan for or check. */
#define WEIR_READS_DOC 1u /* without it in a whole chain nothing is parsed */
#define WEIR_MUTATES 2u
#define WEIR_PRIVACY 4u     /* protects people: on failure the record goes nowhere else */
#define WEIR_TOMBSTONES 8u  /* wants null values too; others never see them */
#define WEIR_STATELESS 16u  /* instances may run side by side on slices of one task */
#define WEIR_HOLDS 32u      /* keeps records back or merges them */
#define WEIR_RESUMABLE 64u  /* a source whose positions outlive the process */
#define WEIR_DURABLE 128u   /* a sink that, as dead letter sink, acknowledges only what survives a power cut */
#define WEIR_EXCLUSIVE 256u /* a connector of what the process has once, such as standard input: used once in a run */

/* What each function may return beside OK; anything else breaks the contract, and so does an exception: the task stops.
 *   create: E_CONFIG E_FATAL - start: E_RETRY E_CONFIG E_FATAL - poll: END E_RETRY E_FATAL - put, service, flush: E_RETRY E_FATAL
 *   apply, test: E_RETRY (nothing was touched) E_DATA (all live records of the batch are bad; so after an exception) E_FATAL
 * What is optional in a table may be NULL or lie beyond its struct_size. */
typedef struct weir_source {
  uint32_t struct_size;
  uint32_t capabilities;
  weir_status (*create)(weir_ctx*, const weir_host*, void** self); /* [control] */
  void (*destroy)(void* self);                                     /* [control] */
  weir_status (*start)(void* self);                                /* [task] */
  weir_status (*poll)(void* self, weir_output*, uint32_t max_records, size_t max_bytes,
                      uint32_t timeout_ms); /* [task] what was appended counts, whatever is returned */
  void (*settled)(void* self, const weir_settled*, uint32_t count); /* [any] may be NULL; in no order */
  void (*wake)(void* self);                                         /* [any] a waiting poll returns soon */
  void (*stop)(void* self);                                         /* [task] */
  const void* (*extension)(void* self, const char* id);             /* [any] may be NULL */
} weir_source;

typedef struct weir_transform {
  uint32_t struct_size;
  uint32_t capabilities;
  weir_status (*create)(weir_ctx*, const weir_host*, void** self);
  void (*destroy)(void* self);
  weir_status (*start)(void* self); /* [task] may be NULL, as all below but apply */
  weir_status (*apply)(void* self, const weir_batch*, weir_output*);
  weir_status (*tick)(void* self, weir_output*, int64_t now_ms, int64_t* next_ms); /* timers */
  weir_status (*flush)(void* self, weir_output*); /* end, drain, reload, memory bound: emit what is held */
  void (*stop)(void* self);
  const void* (*extension)(void* self, const char* id);
} weir_transform;

typedef struct weir_predicate {
  uint32_t struct_size;
  uint32_t capabilities;
  weir_status (*create)(weir_ctx*, const weir_host*, void** self);
  void (*destroy)(void* self);
  weir_status (*test)(void* self, const weir_batch*,
                      uint8_t* matches); /* [task] count bytes: 1 or 0, now 0; fail() a record it cannot judge */
} weir_predicate;

typedef struct weir_sink {
  uint32_t struct_size;
  uint32_t capabilities;
  weir_status (*create)(weir_ctx*, const weir_host*, void** self);
  void (*destroy)(void* self);
  weir_status (*start)(void* self);
  weir_status (*put)(void* self, const weir_batch*,
                     uint32_t* taken); /* the first `taken`; fewer than count: full, the host offers the rest again */
  weir_status (*service)(void* self, uint32_t timeout_ms); /* where the host would otherwise wait; may be NULL */
  weir_status (*flush)(void* self, uint32_t timeout_ms);   /* all taken records acknowledged */
  void (*stop)(void* self);                                /* gives back (ack E_RETRY) what it still holds */
  const void* (*extension)(void* self, const char* id);    /* "weir.transaction/1" */
} weir_sink;

#define WEIR_SOURCE 1u
#define WEIR_TRANSFORM 2u
#define WEIR_PREDICATE 3u
#define WEIR_SINK 4u
#define WEIR_CONVERTER 5u /* reserved: decodes and encodes one slot of a slice */

typedef struct weir_component {
  uint32_t struct_size;
  uint32_t kind;
  const char* name; /* the `type:` of the YAML, lower_snake_case */
  const char* version;
  const char* summary;
  const char* details; /* Markdown: behaviour, examples */
  size_t field_size;   /* sizeof(weir_field) where the plugin was built */
  size_t field_count;
  const weir_field* fields;
  const void* table; /* by kind */
} weir_component;

typedef struct weir_plugin {
  uint32_t struct_size;
  uint32_t minor;         /* WEIR_ABI_TARGET */
  const char* built_with; /* for messages */
  size_t component_count;
  const weir_component* const* components;
} weir_plugin;

#if defined(_WIN32)
#define WEIR_EXPORT __declspec(dllexport)
#else
#define WEIR_EXPORT __attribute__((visibility("default")))
#endif
/* The one exported symbol: constant data, the ABI major in its name. */
extern WEIR_EXPORT const weir_plugin weir_plugin_v0;

#ifdef __cplusplus
}
#endif
#endif
