#pragma once
#include <concepts>
#include <type_traits>

/// Whether a class has a member of some name, whatever its signature: an optional method that is written wrongly would never be called,
/// and nobody would know.
namespace weir::detail {

/// has_start<T>(): T has a member of that name, public or not, one or several. What T inherits counts.
#define WEIR_DETAIL_HAS(member)                          \
  struct named_##member {                                \
    int member;                                          \
  };                                                     \
  template <typename T>                                  \
  struct with_##member : T, named_##member {};           \
  template <typename T>                                  \
  consteval bool has_##member() {                        \
    if constexpr (std::is_final_v<T>) {                  \
      return requires { &T::member; };                   \
    } else { /* a second one makes the name ambiguous */ \
      return !requires { &with_##member<T>::member; };   \
    }                                                    \
  }
WEIR_DETAIL_HAS(start)
WEIR_DETAIL_HAS(stop)
WEIR_DETAIL_HAS(extension)
WEIR_DETAIL_HAS(tick)
WEIR_DETAIL_HAS(flush)
WEIR_DETAIL_HAS(service)
WEIR_DETAIL_HAS(settled)
WEIR_DETAIL_HAS(wake)
#undef WEIR_DETAIL_HAS

template <typename T>
concept Starts = requires(T& t) {
  { t.start() } -> std::same_as<void>;
};
template <typename T>
concept Stops = requires(T& t) {
  { t.stop() } -> std::same_as<void>;
};
template <typename T>
concept Extends = requires(T& t, const char* id) {
  { t.extension(id) } -> std::convertible_to<const void*>;
};

/// What sources, transforms and sinks may have.
template <typename T>
consteval void check_common_members() {
  static_assert(Starts<T> || !has_start<T>(),
                "start would never be called: write it as a public void start(), which throws when it cannot");
  static_assert(Stops<T> || !has_stop<T>(), "stop would never be called: write it as a public void stop()");
  static_assert(Extends<T> || !has_extension<T>(),
                "extension would never be called: write it as a public const void* extension(const char* id)");
}

}  // namespace weir::detail
