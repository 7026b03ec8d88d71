#pragma once
#include <weir/abi.h>

#include "json/plan.h"

namespace weir::host {
class Record;
}

namespace weir::host::json {

/// The JSON of one slot of one record: found places over the original bytes, edits as splices. Lies in the record's slice; made
/// by Engine::open and shared by the whole chain. Views handed out live as long as the slice. Every call may return WEIR_E_DATA:
/// a duplicate key in an object the path passes through, a number out of range that is *used*, a lone surrogate in text that
/// is used; last_reason() then says which. Semantics call by call: abi.h and design section 3. [task]
class Document {
 public:
  /// NOT_FOUND: missing. A path with `*`: the first place. Inside a callback on a base path, relative paths are resolved there.
  weir_status get(const PlanPath& path, weir_value& out);
  weir_status raw(const PlanPath& path, weir_str& json);
  weir_status each(const PlanPath& path, weir_visit visit, void* user);
  /// `as_text`: values are given as their JSON text (WEIR_JSON), so that none of them is used.
  weir_status match(const PlanPath& path, weir_visit visit, void* user, bool as_text = false);

  weir_status set(const PlanPath& path, const weir_value& value);
  weir_status set_json(const PlanPath& path, weir_str json);
  weir_status rewrite(const PlanPath& path, weir_rewrite rewrite, void* user, bool as_text = false);
  weir_status move(const PlanPath& from, const PlanPath& to);
  weir_status remove(const PlanPath& path);

  /// A constant sentence for the latest E_DATA of this document, such as "duplicate key"; the path it was about, or null.
  [[nodiscard]] const char* last_reason() const { return reason_; }
  [[nodiscard]] const PlanPath* last_path() const { return path_; }

 private:
  friend class Engine;
  friend struct DocumentAccess;  // json/ only
  struct State;
  weir_status note(weir_status status, const PlanPath& path);
  State* state_ = nullptr;
  const char* reason_ = "";
  const PlanPath* path_ = nullptr;
};

}  // namespace weir::host::json
