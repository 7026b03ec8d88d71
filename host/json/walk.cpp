#include "json/walk.h"

#include "json/locate.h"

namespace weir::host::json {

weir_status Walk::run() {
  Place* start = nullptr;
  if (!path_.wild() && steps_ == path_.size()) {
    const weir_status status = find(tree_, path_, start);
    return status == WEIR_OK ? visit_(visitor_, *start) : status;
  }
  const weir_status status = start_of(tree_, path_, start);
  if (status != WEIR_OK) return status;
  Reached reached;
  reached.set(0);
  const weir_status result = enter(*start, reached);
  return result == WEIR_OK && !visited_ ? WEIR_NOT_FOUND : result;
}

weir_status Walk::enter(Place& at, Reached reached) {
  reached = close(reached);
  if (reached.test(steps_)) {
    visited_ = true;
    const std::uint32_t epoch = at.epoch;
    const std::uint64_t version = tree_.version;
    const weir_status status = visit_(visitor_, at);
    if (status != WEIR_OK) return status;
    if (version != tree_.version && (at.epoch != epoch || !is_attached(at))) return WEIR_OK;
  }
  if (at.kind == Kind::string) return enter_embedded(at, reached);
  if (asks_for_text(reached) && no_text_inside(tree_, at, path_.strict()) == WEIR_E_DATA) return WEIR_E_DATA;
  return at.is_container() ? enter_children(at, reached) : WEIR_OK;
}

weir_status Walk::enter_children(Place& at, const Reached& reached) {
  if (looks_at_names(reached) && check_names(tree_, at) != WEIR_OK) return WEIR_E_DATA;
  const std::uint64_t rebuilds = tree_.rebuilds;
  const std::uint32_t epoch = at.epoch;
  for (Place* child = at.first; child != nullptr; child = child->next) {
    const Reached below = child->alive() ? reached_by(at, *child, reached) : Reached();
    if (below.none()) continue;
    const std::uint64_t version = tree_.version;
    const weir_status status = enter(*child, below);
    if (status != WEIR_OK) return status;
    if (version == tree_.version) continue;
    const bool still_here = at.epoch == epoch && is_attached(at);
    if (!still_here) return tree_.rebuilds == rebuilds ? WEIR_OK : tree_.data_error(kRebuilt);
  }
  return WEIR_OK;
}

weir_status Walk::enter_embedded(Place& at, const Reached& reached) {
  Reached below;
  for (std::size_t i = 0; i < steps_; ++i) {
    if (reached.test(i) && is(i, Step::Kind::embedded)) below.set(i + 1);
  }
  if (below.none()) return WEIR_OK;
  const weir_status status = look_inside(tree_, at, path_.strict());
  if (status == WEIR_NOT_FOUND) return WEIR_OK;
  if (status != WEIR_OK) return status;
  for (std::size_t i = 0; i < steps_; ++i) {
    if (path_.strict() && below.test(i) && is(i, Step::Kind::name) && at.first->kind != Kind::object)
      return tree_.data_error(kRootNoObject);
  }
  return enter(*at.first, below);
}

/// The path itself says that JSON text stands here; what only a wildcard reaches may be anything.
bool Walk::asks_for_text(const Reached& reached) const {
  for (std::size_t i = 0; i < steps_; ++i) {
    const bool by_wildcard = i > 0 && (is(i - 1, Step::Kind::any) || is(i - 1, Step::Kind::any_depth));
    if (reached.test(i) && is(i, Step::Kind::embedded) && !by_wildcard) return true;
  }
  return false;
}

/// `**` is any depth, zero included.
Walk::Reached Walk::close(Reached reached) const {
  for (std::size_t i = 0; i < steps_; ++i) {
    if (reached.test(i) && is(i, Step::Kind::any_depth)) reached.set(i + 1);
  }
  return reached;
}

Walk::Reached Walk::reached_by(const Place& at, const Place& child, const Reached& reached) const {
  Reached below;
  for (std::size_t i = 0; i <= steps_; ++i) {
    if (!reached.test(i)) continue;
    if (i > 0 && is(i - 1, Step::Kind::any_depth)) below.set(i);
    if (is(i, Step::Kind::any)) below.set(i + 1);
    const bool fits = at.kind == Kind::object ? is(i, Step::Kind::name) : is(i, Step::Kind::index);
    if (fits && child.nodes.contains(path_.node(i + 1))) below.set(i + 1);
  }
  return below;
}

/// The path goes on through the members of the place, so their names must be unambiguous.
bool Walk::looks_at_names(const Reached& reached) const {
  for (std::size_t i = 0; i <= steps_; ++i) {
    if (!reached.test(i)) continue;
    if (is(i, Step::Kind::name) || is(i, Step::Kind::any) || (i > 0 && is(i - 1, Step::Kind::any_depth))) return true;
  }
  return false;
}

}  // namespace weir::host::json
