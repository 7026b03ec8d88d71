#pragma once
#include <weir/abi.h>

#include <mutex>
#include <set>
#include <string>

namespace weir::host::contract {

/// What crossed the boundary against the contract, as sentences without a subject: "apply returned 42".
struct Observations {
  std::set<std::string> exceptions;  // which functions threw
  std::set<std::string> statuses;    // statuses that the function, or ack, may not give
  std::set<std::string>
      outside_calls;  // [task] functions of the host that were called outside of a call, or on another thread
  std::set<std::string> refused_calls;    // functions of the host that answered E_USAGE
  std::set<std::string> touched_retries;  // calls that changed something and then asked to be repeated
};

/// Stands between the host and the plugin: both work as ever, and what crosses is looked at. One in a process, since the functions of
/// the tables have no place for more. Any thread.
class Spy {
 public:
  /// `component` is as the host keeps it (read_plugin) and outlives the spy.
  explicit Spy(const weir_component& component);
  ~Spy();
  Spy(const Spy&) = delete;
  Spy& operator=(const Spy&) = delete;

  /// To make instances of.
  [[nodiscard]] const weir_component& component() const { return component_; }
  [[nodiscard]] Observations observed() const;

  /// Where the name of the plugin's function that was called last is kept, for whoever watches the process: 32 bytes.
  static void set_progress(char* shared);

 private:
  weir_component component_;
};

}  // namespace weir::host::contract
