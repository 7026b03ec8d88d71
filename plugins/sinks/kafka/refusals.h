#pragma once
#include <optional>
#include <weir/context.hpp>

namespace weir::kafka {

/// Tells all that is wrong with a configuration, not only the first of it. For constructors.
class Refusals {
 public:
  explicit Refusals(const Context& config) : config_(config) {}

  template <typename Check>
  void look(const Check& check) {
    try {
      check();
    } catch (const ConfigError& error) {
      config_.report(error);
      if (!first_) first_ = error;
    }
  }
  void throw_first() const {
    if (first_) throw ConfigError(*first_);
  }

 private:
  const Context& config_;
  std::optional<ConfigError> first_;
};

}  // namespace weir::kafka
