#include <string>
#include <vector>
#include <weir/transform.hpp>

namespace weir::plugins {

/// Gives records a topic by conditions on their value.
class Route {
 public:
  static constexpr auto name = "route";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Gives records a topic by conditions on their value.";
  static constexpr auto details =
      R"(The routes are tried in order; the first whose `when` matches sets the topic. A record that none matches keeps the topic it has, or has none: then the sink takes its own.
Null values (tombstones) keep their topic too, so where `suppress` makes some, it belongs behind `route`. A record whose value a condition cannot judge (not JSON) fails.

Topics are not made by `route`: each has to be there, as the sink's own.)";
  static constexpr auto fields = weir::fields(
      weir::list("routes",
                 weir::fields(weir::required("when", weir::Type::condition,
                                             "The condition, such as {field: event_type, equals: commerce_event}."),
                              weir::required("topic", weir::Type::topic, "Topic of the records that match.")),
                 "The routes; the first that matches counts."));
  static constexpr bool stateless = true;

  explicit Route(const Context& config) {
    for (const Context& route : config.list("routes"))
      routes_.push_back({route.condition("when"), route.topic("topic")});
    if (routes_.empty()) throw config.error("routes", "needs at least one route");
  }

  void apply(Record& record) {
    for (const Entry& route : routes_) {
      if (route.when.matches(record)) return record.set_topic(route.topic);
    }
  }

 private:
  struct Entry {
    Condition when;
    std::string topic;
  };
  std::vector<Entry> routes_;
};

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::Route)
