// A source that breaks a promise when its worker is killed: what `weir chaos` has to find.
#include <algorithm>
#include <string>
#include <weir/source.hpp>

class Flawed {
 public:
  static constexpr auto name = "flawed";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Gives numbers, and breaks a promise after a restart.";
  static constexpr auto fields = weir::fields(
      weir::required("count", weir::Type::integer, "How many."),
      weir::required("flaw", weir::choices("loses", "reorders", "refuses"),
                     "Says of each record that later ones were given too; gives them in another order after a restart; "
                     "does not start again."));
  static constexpr bool resumable = true;

  explicit Flawed(const weir::Context& config)
      : positions_(config), count_(config.integer("count")), flaw_(config.text("flaw")) {}

  void start() {
    const auto stored = positions_.stored(kPartition);
    next_ = stored ? std::stoll(*stored) + 1 : 0;
    swaps_ = stored && flaw_ == "reorders";
    if (swaps_) next_ -= next_ % 2;
    if (stored && flaw_ == "refuses") throw weir::FatalError("it was started before");
  }

  weir::Poll poll(weir::Output& out) {
    for (std::uint32_t i = 0; i < out.max_records() && next_ < count_; ++i) {
      if (!give(out, swaps_ ? std::min(next_ ^ 1, count_ - 1) : next_)) break;
      ++next_;
    }
    return next_ < count_ ? weir::Poll::more : weir::Poll::end;
  }

 private:
  static constexpr const char* kPartition = "numbers";
  static constexpr std::int64_t kAhead = 600;

  bool give(weir::Output& out, std::int64_t number) {
    const std::int64_t claimed = flaw_ == "loses" ? std::min(number + kAhead, count_ - 1) : number;
    auto record = out.append(out.origin(kPartition, std::to_string(claimed)));
    if (!record) return false;
    record->set_value(R"({"k":)" + std::to_string(number / 2 % 8) + R"(,"n":)" + std::to_string(number) + "}");
    return true;
  }

  weir::Positions positions_;
  const std::int64_t count_;
  const std::string flaw_;
  std::int64_t next_ = 0;
  bool swaps_ = false;
};

WEIR_PLUGIN(Flawed)
