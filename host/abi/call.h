#pragma once
#include <initializer_list>

#include "abi/context.h"

namespace weir::host::abi {

/// Which call into a plugin is running: what the plugin may do in it follows.
enum class CallKind : std::uint8_t { create, start, poll, apply, test, tick, flush, stop, put, service };

/// One call into a plugin, from its start to its return. On the caller's stack; found by the host's functions through
/// current_call(). It is also what is behind a weir_output.
struct Call {
  Call(Context& of, CallKind what, Slice* into = nullptr) : context(of), kind(what), slice(into) {}

  Context& context;
  CallKind kind;
  Slice* slice;           // the records it may change; null: none
  std::size_t count = 0;  // records it was given
  Record* const* records = nullptr;
  PollLimits limits;            // of poll
  std::size_t bytes = 0;        // poll: of the records so far
  std::size_t buffered = 0;     // poll: batch memory handed out
  bool touched = false;         // something was changed: E_RETRY is no longer an answer
  bool callback_threw = false;  // a visitor let an exception out
  bool out_of_memory = false;
  const Record* refused = nullptr;  // of the latest E_DATA: which record, why, where
  const char* reason = "";
  std::string_view at;

  [[nodiscard]] bool may_write() const { return slice != nullptr && kind != CallKind::test; }
  [[nodiscard]] bool transforms() const {
    return kind == CallKind::apply || kind == CallKind::tick || kind == CallKind::flush;
  }
};

inline constinit thread_local Call* running_call = nullptr;  // set by CallScope only

/// The call this thread is in; null: none.
[[nodiscard]] inline Call* current_call() { return running_call; }

/// How a call ended.
struct Outcome {
  weir_status status = WEIR_OK;
  bool threw = false;
};

/// Makes `call` the current one while it lives.
class CallScope {
 public:
  explicit CallScope(Call& call);
  ~CallScope();
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

 private:
  Call* outer_;
};

/// Calls the plugin: `function` returns its status. No exception gets out.
template <typename F>
Outcome call_plugin(Call& call, const F& function) noexcept {
  const CallScope scope(call);
  Outcome outcome;
  try {
    outcome.status = function();
  } catch (...) {
    outcome.threw = true;
  }
  outcome.threw = outcome.threw || call.callback_threw;
  return outcome;
}

/// Calls a function of the plugin that returns nothing and is allowed no failure; one that throws is logged.
template <typename F>
void call_quietly(Context& context, const char* function_name, const F& function) noexcept {
  try {
    function();
  } catch (...) {
    context.home().log.error("A plugin threw where it must not.",
                             {{"plugin", context.title()}, {"function", function_name}});
  }
}

/// What the task is told: the plugin's status when it is one of `allowed`, with its explanation; E_FATAL when it threw or broke
/// the contract. An explanation is thrown away when `private_text`.
Status judge(Call& call, const Outcome& outcome, std::initializer_list<weir_status> allowed, const char* function_name,
             bool private_text = false);

/// "sink 'x' broke the contract: …".
Status broken_contract(const Context& context, const std::string& how);

/// Fails what a call left half done: the records it was given and those it made, as far as they are live.
void fail_all(Call& call, const char* reason);

}  // namespace weir::host::abi
