#pragma once
#include <bitset>

#include "json/path_reader.h"
#include "json/tree.h"

namespace weir::host::json {

/// Visits, in document order and parents first, every place that the first `steps` steps of a path name. The visitor may edit:
/// what it replaced or removed is not entered. [task]
class Walk {
 public:
  using Visit = weir_status (*)(void* visitor, Place& place);  // not OK: ends the walk, is its result

  Walk(Tree& tree, const PlanPath& path, std::size_t steps, Visit visit, void* visitor)
      : tree_(tree), path_(path), steps_(steps), visit_(visit), visitor_(visitor) {}
  /// NOT_FOUND: there was nothing to visit.
  weir_status run();

 private:
  using Reached = std::bitset<PathReader::kMaxSteps + 1>;  // bit i: the path's first i steps lead here

  weir_status enter(Place& at, Reached reached);
  weir_status enter_children(Place& at, const Reached& reached);
  weir_status enter_embedded(Place& at, const Reached& reached);
  [[nodiscard]] bool asks_for_text(const Reached& reached) const;
  [[nodiscard]] Reached close(Reached reached) const;
  [[nodiscard]] Reached reached_by(const Place& at, const Place& child, const Reached& reached) const;
  [[nodiscard]] bool looks_at_names(const Reached& reached) const;
  [[nodiscard]] bool is(std::size_t step, Step::Kind kind) const {
    return step < steps_ && path_.steps()[step].kind == kind;
  }

  Tree& tree_;
  const PlanPath& path_;
  std::size_t steps_;
  Visit visit_;
  void* visitor_;
  bool visited_ = false;
};

template <typename Visitor>
weir_status walk(Tree& tree, const PlanPath& path, std::size_t steps, Visitor visitor) {
  const auto call = [](void* self, Place& place) -> weir_status { return (*static_cast<Visitor*>(self))(place); };
  return Walk(tree, path, steps, call, &visitor).run();
}

}  // namespace weir::host::json
