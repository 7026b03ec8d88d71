#pragma once
#include <string>
#include <string_view>
#include <vector>
#include <weir/transform.hpp>

#include "watched_list.h"

namespace weir::plugins {

/// Refuses the events of people who asked to be forgotten.
class Suppress {
 public:
  static constexpr auto name = "suppress";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Drops the events of people on a list, or makes tombstones of them.";
  static constexpr auto details =
      R"(The list is a text file, a line a person's identity: `kind:value`.

    # asked to be forgotten on 2 May
    mpid:-8674092813461
    email:jo@example.com

The first `:` splits; blanks around both parts, and around the identities of records, do not count, what is left is compared exactly, capitals count. Lines that begin with `#` and blank lines are passed over; a
comment behind a value is refused, and so is every line that is not understood: it may stand for a person. `identities` says where a record holds each kind. An event is dropped when any of its identities
is listed. The text of a number is its JSON text (`1.0` is not `1`), missing, null and empty identities are none; a list or object in place of an identity is a data error, and so is a list where the path expects an object on its way: it could hide one (`user.**.email` takes both).

With `tombstones: true` a null value goes on instead of the event, without headers, under the text of `key`: in a compacted topic it deletes what is there under that key. Name the field that the sink's
`key` names, and put `suppress` behind `route`. An event without a text or number under `key` is dropped without a tombstone. A later transform that writes this field is refused.

The list is read before the first record; if that cannot be done, nothing runs. Then it is looked at every second, and read again when it has changed and had the same size and time of change for a second: best write a new file
beside it and rename. A list that cannot be read, holds a line that is not understood, or was emptied after it had entries is not taken: the old one stays in force, with the alarm `suppression_list` until that is
mended. A log line tells the number of entries of a list that is in force; once it stands there, no event of a person on the new list passes. Up to then they pass by the old one, and events that went on before are not called back.

Listed identities lie in memory as keyed hashes, less than 18 bytes each, once in a process (twice while a new list is read), beside `memory`. Records that are not JSON, or no object, fail and reach no sink.)";
  static constexpr auto fields = weir::fields(
      weir::required("list", weir::Type::file, "The list, relative to the YAML file."),
      weir::places(weir::required(
          "identities", weir::map(weir::Type::path),
          "For each kind of the list the path of the field that holds it; with * every place it names.")),
      weir::optional("tombstones", weir::Type::flag, "false",
                     "Sends a null value on in place of an event that was dropped."),
      weir::optional("key", weir::Type::path,
                     "`tombstones`: path of the field whose text is the key of the null value, without *."));
  static constexpr bool privacy = true;
  static constexpr bool stateless = true;

  explicit Suppress(const Context& config);
  ~Suppress() { stop(); }
  Suppress(const Suppress&) = delete;
  Suppress& operator=(const Suppress&) = delete;

  void start();
  void apply(const Batch& batch);
  void stop() noexcept;

 private:
  struct Identity {
    std::string kind;
    Path path;
    bool wild = false;          // may name several places
    std::size_t number = 0;     // the hasher's, of the kind
    std::vector<Path> objects;  // on the way to the places
  };

  /// Of a record: whether this identity is listed.
  struct Look {
    Delivery record;
    IdentityHash identity;
  };

  void read_identities(const Context& config);
  void read_key(const Context& config);
  void look_for(const Identity& identity, const Record& record);
  void look_for(const Identity& identity, const Record& record, std::string_view json);
  void refuse(Record& record);
  void bury(Record& record);

  Log log_;
  std::string list_path_;
  std::vector<Identity> identities_;
  Path key_;                     // none: no tombstones
  WatchedList* list_ = nullptr;  // the process's; set between start and stop
  WatchedList::Seat seat_;
  std::vector<Look> looks_;  // of the batch at hand, in its order
  std::string scratch_;
};

}  // namespace weir::plugins
