#include "abi/call.h"

#include <algorithm>

namespace weir::host::abi {
namespace {

std::string explain(Call& call, weir_status code, const char* function_name, bool private_text) {
  const auto [pointer, text] = call.context.take_error();
  if (private_text || text.empty()) {
    return call.context.title() + " returned " + std::string(status_name(code)) + " from " + function_name;
  }
  return call.context.title() + ": " + (pointer.empty() ? "" : pointer + ": ") + text;
}

}  // namespace

CallScope::CallScope(Call& call) : outer_(running_call) {
  call.context.begin_call();
  running_call = &call;
}

CallScope::~CallScope() { running_call = outer_; }

Status broken_contract(const Context& context, const std::string& how) {
  return Status::fatal(context.title() + " broke the plugin contract: " + how);
}

Status judge(Call& call, const Outcome& outcome, std::initializer_list<weir_status> allowed, const char* function_name,
             bool private_text) {
  if (call.out_of_memory) return Status::fatal(call.context.title() + ": out of memory in " + function_name);
  if (outcome.threw) return Status::fatal(call.context.title() + " threw an exception in " + function_name);
  if (outcome.status == WEIR_OK) return {};
  if (std::find(allowed.begin(), allowed.end(), outcome.status) == allowed.end()) {
    const std::string_view name = status_name(outcome.status);
    return broken_contract(call.context, std::string(function_name) + " returned " +
                                             (name == "UNKNOWN" ? std::to_string(outcome.status) : std::string(name)));
  }
  if (outcome.status > 0) return {outcome.status, {}};
  return {outcome.status, explain(call, outcome.status, function_name, private_text)};
}

void fail_all(Call& call, const char* reason) {
  const auto fail_live = [&](Record* record) {
    if (record->fate == Fate::live) record->fail(WEIR_E_DATA, reason);
  };
  for (std::size_t i = 0; i < call.count; ++i) fail_live(call.records[i]);
  for (Record* record : call.context.made) fail_live(record);
}

}  // namespace weir::host::abi
