#pragma once
#include <memory>

#include "json/document.h"
#include "json/plan.h"

namespace weir::host {
class Slice;
}

namespace weir::host::json {

/// Makes the documents of one task: holds the two plans (key, value), the parser and its scratch memory. Paths and conditions
/// are added before the first open(). One per task, and a sibling for each further thread of it. [control] to build, then [task].
class Engine {
 public:
  Engine();
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] Plan& plan(int slot);
  /// An engine over the same plans with scratch memory of its own, for another thread. [control]
  [[nodiscard]] std::unique_ptr<Engine> sibling() const;
  /// The documents that a sibling made of the slice's records are this one's from here on. Looks at nothing but the slice: called by
  /// the thread that has it. [any]
  void adopt(Slice& slice);

  /// The document of a slot, made (and its JSON checked whole, RFC 8259) on the first call. NOT_FOUND: the slot is null.
  /// E_DATA: not JSON; reason() says what, as a constant. The answer for bad bytes is remembered with the record.
  weir_status open(Record& record, int slot, Document*& out);
  /// The current bytes of a slot, with every edit applied; the slice owns them. Called before a sink or the chain's end
  /// looks at bytes; cheap when nothing was edited.
  void settle_bytes(Record& record, int slot);

  /// OK: matches; NOT_FOUND: does not; E_DATA: the record cannot be judged. Null values match nothing (callers skip them).
  weir_status matches(const PlanCondition& condition, Record& record);
  /// Of the latest E_DATA.
  [[nodiscard]] const char* reason() const;
  [[nodiscard]] const PlanPath* reason_path() const;

 private:
  struct Parts;
  explicit Engine(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace weir::host::json
