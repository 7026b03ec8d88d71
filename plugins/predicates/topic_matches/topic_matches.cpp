#include <re2/re2.h>

#include <memory>
#include <weir/predicate.hpp>

namespace weir::plugins {

/// Chooses records by their topic's name.
class TopicMatches {
 public:
  static constexpr auto name = "topic_matches";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Chooses records in whose topic a regular expression is found.";
  static constexpr auto details =
      R"(The expression is searched for anywhere in the name: `^ev` finds names that begin with ev, `^events$` only that one. A record has no topic
until its source or a transform such as `route` gave it one: then it is not chosen (with `negate` it is), although the sink sends it to the sink's own topic. Null values (tombstones) are judged
like the others; the value is never looked at.)";
  static constexpr auto fields = weir::fields(
      weir::required("pattern", weir::Type::regex, "RE2 expression that is searched for in the topic's name."));
  static constexpr bool tombstones = true;
  static constexpr bool reads_document = false;

  explicit TopicMatches(const Context& config)
      : pattern_(std::make_unique<re2::RE2>(config.regex("pattern"), re2::RE2::Quiet)) {
    if (!pattern_->ok()) throw config.error("pattern", pattern_->error());
  }

  bool test(const Record& record) const {
    const auto topic = record.topic();
    return topic && re2::RE2::PartialMatch(re2::StringPiece(topic->data(), topic->size()), *pattern_);
  }

 private:
  std::unique_ptr<const re2::RE2> pattern_;  // it cannot be moved itself
};

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::TopicMatches)
