#include <weir/predicate.hpp>

namespace weir::plugins {

/// Chooses records whose value is null.
class IsTombstone {
 public:
  static constexpr auto name = "is_tombstone";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Chooses records whose value is null (tombstones).";
  static constexpr auto details =
      R"(A value that is the JSON text `null`, or empty, is not a null value. Most transforms never see null values: with `is_tombstone`
as predicate, `filter` drops them.)";
  static constexpr bool tombstones = true;
  static constexpr bool reads_document = false;

  bool test(const Record& record) const { return record.is_tombstone(); }
};

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::IsTombstone)
