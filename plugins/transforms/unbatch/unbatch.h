#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <weir/transform.hpp>

namespace weir::plugins {

/// Makes one record of each element of a list.
class Unbatch {
 public:
  static constexpr auto name = "unbatch";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Makes one record of each element of a list.";
  static constexpr auto details =
      R"(Each record's value is an object: the members of the batch named in `keep`, in that order and those that are there, then `as` with the element. All of them keep their bytes:

    {"mpid":1,"events":[{"a":1},{"a":2}]}   field: events, keep: [mpid], as: event
    {"mpid":1,"event":{"a":1}}
    {"mpid":1,"event":{"a":2}}

The records keep the batch's key, headers, topic and timestamp, and go on in the order of the list. The batch counts as filtered, its elements as cloned. A batch whose list is
missing, null or empty is filtered; where anything else stands it is a data error, and so is a batch whose records together would take more than half of the pipeline's `memory`. Null values (tombstones) pass.)";
  static constexpr auto fields =
      weir::fields(weir::required("field", weir::Type::path, "Path of the list, such as events; without *."),
                   weir::optional("keep", weir::list(weir::Type::text),
                                  "Names of members of the batch's root that each record gets; none if not given."),
                   weir::required("as", weir::Type::text, "Name of the member that holds the element, such as event."));
  static constexpr bool stateless = true;

  explicit Unbatch(const Context& config);
  void apply(Record& record);

 private:
  struct Kept {
    Path path;
    std::string opening;  // its name, as it begins a member
  };

  bool find_elements(const Doc& batch);
  void write_opening(const Doc& batch);
  void check_size() const;

  Path list_;
  Path each_element_;
  std::vector<Kept> kept_;
  std::string as_opening_;
  std::uint64_t most_bytes_;  // that the records of one batch may take

  // Of the batch at hand; their memory is used again.
  std::vector<std::string_view> elements_;
  std::string value_;  // what all records begin with, and then one record's
  std::size_t opening_size_ = 0;
};

}  // namespace weir::plugins
