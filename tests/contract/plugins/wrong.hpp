// Against abi.h alone: a right component of each kind, to derive wrong ones from, and what makes a table of a class. A wrong one is
// named after the rule of `weir check` that it breaks, and keeps all others.
#pragma once
#include <weir/abi.h>

#include <string_view>

namespace wrong {

/// What the host gives an instance.
struct Home {
  weir_ctx* ctx;
  const weir_host* host;
};

inline weir_str text(std::string_view words) { return {words.data(), words.size()}; }

/// The functions of a table over the virtual ones of `Base`; T is derived from it.
template <typename Base, typename T>
weir_status create(weir_ctx* ctx, const weir_host* host, void** self) {
  *self = static_cast<Base*>(new T(Home{ctx, host}));
  return WEIR_OK;
}
template <typename Base>
void destroy(void* self) {
  delete static_cast<Base*>(self);
}
template <typename Base>
weir_status start(void* self) {
  return static_cast<Base*>(self)->start();
}
template <typename Base>
void stop(void* self) {
  static_cast<Base*>(self)->stop();
}

/// A component without settings.
template <typename T>
inline constexpr weir_component kComponent = {sizeof(weir_component),
                                              T::kind,
                                              T::name,
                                              "1.0.0",
                                              "For the tests of weir check.",
                                              "",
                                              sizeof(weir_field),
                                              0,
                                              nullptr,
                                              &T::template table<T>};

template <typename... T>
struct Plugin {
  static constexpr const weir_component* components[] = {&kComponent<T>...};
  static constexpr weir_plugin value = {sizeof(weir_plugin), WEIR_ABI_TARGET, "", sizeof...(T), components};
};

}  // namespace wrong

#define WRONG_PLUGIN(...) \
  extern "C" WEIR_EXPORT constexpr const weir_plugin weir_plugin_v0 = wrong::Plugin<__VA_ARGS__>::value;
