#pragma once
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <typeindex>
#include <typeinfo>

#if defined(__GNUC__)
#include <cxxabi.h>
#endif

/// What a plugin threw, by its type: the text of an exception that is none of ours may hold data, its type is a constant.
namespace weir::detail {

inline std::string readable_name(const std::type_info& type) {
#if defined(__GNUC__)
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, nullptr),
                                                    std::free);
  if (name) return name.get();
#endif
  return type.name();
}

/// Of the exception being handled; null: the compiler does not tell.
inline const std::type_info* thrown_type() {
#if defined(__GNUC__)
  return abi::__cxa_current_exception_type();
#else
  return nullptr;
#endif
}

/// "the plugin threw std::out_of_range", for the exception being handled. As old as the library, like a constant of its own: one text
/// for each type, made when it is thrown first.
inline const char* thrown_reason() noexcept {
  static constexpr auto kUnknown = "the plugin threw an exception";
  const std::type_info* const type = thrown_type();
  if (type == nullptr) return kUnknown;
  try {
    static std::mutex mutex;
    static std::map<std::type_index, std::string> reasons;
    const std::lock_guard lock(mutex);
    std::string& reason = reasons[*type];
    if (reason.empty()) reason = "the plugin threw " + readable_name(*type);
    return reason.c_str();
  } catch (...) {  // out of memory
    return kUnknown;
  }
}

}  // namespace weir::detail
