#pragma once
#include <chrono>
#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include "weir/log.hpp"
#include "weir/record.hpp"

namespace weir {

/// A compiled condition of a field of Type::condition. As old as the instance.
class Condition {
 public:
  Condition() = default;  // to be assigned
  Condition(const weir_host* host, const weir_condition* condition) : host_(host), condition_(condition) {}
  explicit operator bool() const { return condition_ != nullptr; }

  /// DataError: the record cannot be judged. [task]
  [[nodiscard]] bool matches(const Record& record) const {
    const weir_status status = host_->matches(condition_, record.handle());
    detail::check(status, "the condition cannot be judged");
    return status == WEIR_OK;
  }

 private:
  const weir_host* host_ = nullptr;
  const weir_condition* condition_ = nullptr;
};

/// Which of how many tasks an instance serves; index < count.
struct Task {
  std::uint32_t index;
  std::uint32_t count;
};

/// What a constructor gets: the checked configuration, defaults filled in, and the instance's surroundings. Each accessor is
/// named like its Type; in a list or map an item is a Context of its own, whose name may be left out: item.text(). An accessor
/// throws ConfigError where the field has no value: ask has() first if it is optional without default. A copy may be kept.
/// Accessors: [control]. log, now, task, memory: any thread.
class Context {
 public:
  Context(const weir_host* host, weir_ctx* ctx, Use use = Use::edit, std::string pointer = {})
      : host_(host), ctx_(ctx), use_(use), pointer_(std::move(pointer)) {}

  [[nodiscard]] bool has(std::string_view name = {}) const;

  [[nodiscard]] std::string text(std::string_view name = {}) const { return std::string(view(name)); }
  [[nodiscard]] std::string secret(std::string_view name = {}) const { return text(name); }
  [[nodiscard]] std::string topic(std::string_view name = {}) const { return text(name); }
  /// The pattern's text; the host has checked it as RE2.
  [[nodiscard]] std::string regex(std::string_view name = {}) const { return text(name); }
  /// Absolute.
  [[nodiscard]] std::string file(std::string_view name = {}) const { return text(name); }
  [[nodiscard]] std::int64_t integer(std::string_view name = {}) const;
  [[nodiscard]] double number(std::string_view name = {}) const;
  [[nodiscard]] bool flag(std::string_view name = {}) const;
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view name = {}) const;
  /// Bytes.
  [[nodiscard]] std::uint64_t size(std::string_view name = {}) const;
  /// Compact JSON text of a value of any type, numbers as written.
  [[nodiscard]] std::string json(std::string_view name = {}) const;
  [[nodiscard]] Condition condition(std::string_view name = {}) const;

  /// A compiled path. Transforms read and write it, others read it, unless `use` says less or more.
  [[nodiscard]] Path path(std::string_view name = {}) const { return path(name, use_); }
  [[nodiscard]] Path path(std::string_view name, Use use, Slot slot = Slot::value) const;
  /// A path that is not a setting of its own: made from other settings, or fixed.
  [[nodiscard]] Path compile(std::string_view path, Use use, Slot slot = Slot::value) const;
  /// A path relative to each place that `base` names, for use inside Doc::match and Doc::rewrite on `base`; "": the place itself.
  [[nodiscard]] Path within(Path base, std::string_view path, Use use = Use::read, Slot slot = Slot::value) const;

  /// The items of a list, in order; none when the field has no value.
  [[nodiscard]] std::vector<Context> list(std::string_view name = {}) const;
  /// The names and values of a map or object, in the file's order; none when the field has no value.
  [[nodiscard]] std::vector<std::pair<std::string, Context>> map(std::string_view name = {}) const;
  /// A nested object.
  [[nodiscard]] Context object(std::string_view name) const { return {host_, ctx_, use_, at(name)}; }

  [[nodiscard]] Log log() const { return {host_, ctx_}; }
  [[nodiscard]] Timestamp now() const { return Timestamp(std::chrono::milliseconds(host_->now_ms(ctx_))); }
  [[nodiscard]] Task task() const;
  /// Bytes of `memory:` that are this task's share.
  [[nodiscard]] std::uint64_t memory() const { return host_->memory(ctx_); }
  /// A sink only: whether it serves as dead letter sink.
  [[nodiscard]] bool is_dead_letter() const { return host_->role(ctx_) == 1; }
  /// A sink only: the topics that the pipeline's transforms name in their configuration, each once.
  [[nodiscard]] std::vector<std::string> declared_topics() const;
  /// The name of the pipeline it is part of, unique in a run; "": the host does not tell.
  [[nodiscard]] std::string pipeline() const;
  /// Absolute paths of the files this pipeline writes: a source must not read them. None when the host does not tell.
  [[nodiscard]] std::vector<std::string> outputs() const;
  /// An optional table of the host, such as "weir.topics/1"; null: it has none. As old as the instance.
  [[nodiscard]] const void* extension(const char* id) const { return host_->extension(ctx_, id); }

  /// Refuses a field: throw config.error("rules", "needs at least one rule"). The text must not hold secrets.
  [[nodiscard]] ConfigError error(std::string_view name, const std::string& text) const { return {at(name), text}; }
  /// Tells one of several things that are wrong, so that people see them all at once. Constructors only; they go on looking and
  /// throw a ConfigError (which may be one that was told) at the end.
  void report(const ConfigError& error) const {
    host_->set_error(ctx_, detail::to_c(error.pointer()), detail::to_c(error.what()));
  }
  /// Where this context stands: "rules/2", "" for the component itself.
  [[nodiscard]] const std::string& pointer() const { return pointer_; }

  [[nodiscard]] const weir_host* host() const { return host_; }
  [[nodiscard]] weir_ctx* handle() const { return ctx_; }

 private:
  [[nodiscard]] std::string at(std::string_view name) const;     // pointer of a field, or of this context
  [[nodiscard]] std::string below(std::string_view name) const;  // pointer of a member, escaped
  [[nodiscard]] weir_value value(std::string_view name) const;
  [[nodiscard]] std::string_view view(std::string_view name) const;

  const weir_host* host_;
  weir_ctx* ctx_;
  Use use_;
  std::string pointer_;
};

inline std::string Context::at(std::string_view name) const { return name.empty() ? pointer_ : below(name); }

inline std::string Context::below(std::string_view name) const {
  std::string pointer = pointer_.empty() ? std::string() : pointer_ + '/';
  for (const char c : name) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

inline bool Context::has(std::string_view name) const {
  weir_value ignored;
  return host_->config(ctx_, detail::to_c(at(name)), &ignored) == WEIR_OK;
}

inline weir_value Context::value(std::string_view name) const {
  weir_value value;
  if (host_->config(ctx_, detail::to_c(at(name)), &value) != WEIR_OK) throw error(name, "has no value");
  return value;
}

inline std::string_view Context::view(std::string_view name) const {
  const weir_value found = value(name);
  if (found.type != WEIR_STRING) throw error(name, "is not a text");
  return detail::to_view(found.as.s);
}

inline std::int64_t Context::integer(std::string_view name) const {
  const weir_value found = value(name);
  if (found.type != WEIR_INT) throw error(name, "is not a whole number of 64 bits");
  return found.as.i;
}

inline double Context::number(std::string_view name) const {
  const std::optional<double> number = Value(value(name)).number();
  if (!number) throw error(name, "is not a number");
  return *number;
}

inline bool Context::flag(std::string_view name) const {
  const std::optional<bool> flag = Value(value(name)).flag();
  if (!flag) throw error(name, "is neither true nor false");
  return *flag;
}

inline std::chrono::milliseconds Context::duration(std::string_view name) const {
  return std::chrono::milliseconds(integer(name));
}

inline std::uint64_t Context::size(std::string_view name) const {
  const weir_value found = value(name);
  if (found.type == WEIR_UINT) return found.as.u;
  if (found.type != WEIR_INT || found.as.i < 0) throw error(name, "is not a size");
  return static_cast<std::uint64_t>(found.as.i);
}

inline std::string Context::json(std::string_view name) const {
  weir_str json;
  if (host_->config_json(ctx_, detail::to_c(at(name)), &json) != WEIR_OK) throw error(name, "has no value");
  return std::string(detail::to_view(json));
}

inline Condition Context::condition(std::string_view name) const {
  const weir_condition* condition = host_->condition(ctx_, detail::to_c(at(name)));
  if (condition == nullptr) throw error(name, "is not a condition");
  return {host_, condition};
}

inline Path Context::path(std::string_view name, Use use, Slot slot) const {
  const weir_path* path = host_->compile(ctx_, static_cast<std::int32_t>(slot), detail::to_c(view(name)),
                                         static_cast<std::uint32_t>(use), nullptr);
  if (path == nullptr) throw error(name, "is not a path");
  return Path(path);
}

inline Path Context::compile(std::string_view path, Use use, Slot slot) const {
  return within(Path(), path, use, slot);
}

inline Path Context::within(Path base, std::string_view path, Use use, Slot slot) const {
  const weir_path* compiled = host_->compile(ctx_, static_cast<std::int32_t>(slot), detail::to_c(path),
                                             static_cast<std::uint32_t>(use), base.handle());
  if (compiled == nullptr) throw error("", "not a path: " + std::string(path));
  return Path(compiled);
}

inline std::vector<Context> Context::list(std::string_view name) const {
  std::vector<Context> items;
  const std::string pointer = at(name);
  auto add = [&](std::string_view, const Value&) {
    items.emplace_back(host_, ctx_, use_, pointer + '/' + std::to_string(items.size()));
  };
  detail::Walk<decltype(add)> walk{add};
  walk.done(host_->config_each(ctx_, detail::to_c(pointer), &walk.visit, &walk), Path());
  return items;
}

inline std::vector<std::pair<std::string, Context>> Context::map(std::string_view name) const {
  std::vector<std::pair<std::string, Context>> members;
  const Context inside = object(name);
  auto add = [&](std::string_view member, const Value&) {
    members.emplace_back(member, Context(host_, ctx_, use_, inside.below(member)));
  };
  detail::Walk<decltype(add)> walk{add};
  walk.done(host_->config_each(ctx_, detail::to_c(inside.pointer_), &walk.visit, &walk), Path());
  return members;
}

inline std::vector<std::string> Context::declared_topics() const {
  std::vector<std::string> topics;
  const auto* declared = static_cast<const weir_topics*>(extension("weir.topics/1"));
  for (std::uint32_t i = 0; declared != nullptr && i < declared->count; ++i)
    topics.emplace_back(detail::to_view(declared->names[i]));
  return topics;
}

inline std::string Context::pipeline() const {
  const auto* facts = static_cast<const weir_pipeline*>(extension("weir.pipeline/1"));
  return facts == nullptr ? std::string() : std::string(detail::to_view(facts->name));
}

inline std::vector<std::string> Context::outputs() const {
  std::vector<std::string> paths;
  const auto* facts = static_cast<const weir_pipeline*>(extension("weir.pipeline/1"));
  for (std::uint32_t i = 0; facts != nullptr && i < facts->output_count; ++i)
    paths.emplace_back(detail::to_view(facts->outputs[i]));
  return paths;
}

inline Task Context::task() const {
  Task task{};
  task.index = host_->task(ctx_, &task.count);
  return task;
}

}  // namespace weir
