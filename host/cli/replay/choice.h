#pragma once
#include <memory>
#include <optional>
#include <string>

#include "json/engine.h"
#include "record/slice.h"
#include "spool/record_codec.h"

namespace weir::host::cli {

/// Which of the spooled records `weir replay` is about: those with a key, those whose value meets a condition. One thread.
class ReplayChoice {
 public:
  /// `condition`: as in a pipeline's YAML, "{field: mpid, equals: 7}". E_CONFIG: it is none, with what is wrong.
  [[nodiscard]] static Result<std::unique_ptr<ReplayChoice>> make(const std::optional<std::string>& key,
                                                                  const std::optional<std::string>& condition);

  [[nodiscard]] bool wants(const spool::StoredRecord& record);
  /// Records no condition could judge, such as those that are no JSON: they are not wanted.
  [[nodiscard]] std::uint64_t unjudged() const { return unjudged_; }

 private:
  /// Nothing is delivered from here.
  class NoAcks final : public Acks {
   public:
    void ack(std::span<Record* const>, weir_status, const char*) noexcept override {}
  };

  explicit ReplayChoice(const std::optional<std::string>& key) : key_(key) {}
  [[nodiscard]] bool matches(Bytes value);

  const std::optional<std::string> key_;
  const json::PlanCondition* condition_ = nullptr;  // of the engine's plan; null: there is none
  json::Engine engine_;
  MemoryMeter memory_{SIZE_MAX};
  NoAcks acks_;
  SliceHome home_{&memory_, &acks_, &engine_};
  Slice slice_{home_};  // for one record at a time
  std::uint64_t unjudged_ = 0;
};

}  // namespace weir::host::cli
