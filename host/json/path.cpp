#include "json/path.h"

#include <charconv>
#include <utility>

#include "json/path_reader.h"
#include "json/text.h"

namespace weir::host::json {
namespace {

using Kind = Step::Kind;

/// Whether one place can be reached by both steps, each taken as exactly one step down. `**` may be any step but @json.
bool may_meet(const Step& a, const Step& b) {
  if (a.kind == Kind::embedded || b.kind == Kind::embedded) return a.kind == b.kind;
  if (a.kind == Kind::any || a.kind == Kind::any_depth) return true;
  if (b.kind == Kind::any || b.kind == Kind::any_depth) return true;
  return a == b;
}

/// All pairs (i, j) such that some place is named by both the first i steps of `a` and the first j of `b`.
class Product {
 public:
  Product(const std::vector<Step>& a, const std::vector<Step>& b)
      : a_(a), b_(b), seen_((a.size() + 1) * (b.size() + 1)) {}

  bool meets() {
    todo_.push_back({0, 0});
    while (!todo_.empty()) {
      const auto [i, j] = todo_.back();
      todo_.pop_back();
      if (seen_[i * (b_.size() + 1) + j]) continue;
      seen_[i * (b_.size() + 1) + j] = true;
      if (i == a_.size() || j == b_.size()) return true;  // one place is the other, or lies within it
      follow(i, j);
    }
    return false;
  }

 private:
  void follow(std::size_t i, std::size_t j) {
    const bool a_repeats = a_[i].kind == Kind::any_depth;
    const bool b_repeats = b_[j].kind == Kind::any_depth;
    if (a_repeats) todo_.push_back({i + 1, j});
    if (b_repeats) todo_.push_back({i, j + 1});
    if (may_meet(a_[i], b_[j])) todo_.push_back({a_repeats ? i : i + 1, b_repeats ? j : j + 1});
  }

  const std::vector<Step>& a_;
  const std::vector<Step>& b_;
  std::vector<bool> seen_;
  std::vector<std::pair<std::size_t, std::size_t>> todo_;
};

}  // namespace

Result<Path> Path::parse(std::string_view text) {
  Path path;
  Status status = PathReader(text, false).read(path.steps_);
  if (!status.ok()) return status;
  path.text_ = text;
  return path;
}

Result<Path> Path::parse_relative(std::string_view text) {
  Path path;
  Status status = PathReader(text, true).read(path.steps_);
  if (!status.ok()) return status;
  path.text_ = text;
  return path;
}

bool Path::wild() const {
  for (const Step& step : steps_) {
    if (step.kind == Kind::any || step.kind == Kind::any_depth) return true;
  }
  return false;
}

bool Path::touches(const Path& other) const { return Product(steps_, other.steps_).meets(); }

}  // namespace weir::host::json
