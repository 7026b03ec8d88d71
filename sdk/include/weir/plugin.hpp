#pragma once
#include <concepts>
#include <memory>

#include "weir/context.hpp"
#include "weir/field.hpp"
#include "weir/members.hpp"
#include "weir/thrown.hpp"

/// From a class to the tables of abi.h. The kinds' headers (transform.hpp, source.hpp, …) fill Kind<Class>; WEIR_PLUGIN exports.
namespace weir::detail {

/// What the host's `self` points to. The object is as old as the instance.
template <typename T>
struct Instance {
  Instance(weir_ctx* ctx, const weir_host* host, Use use) : context(host, ctx, use), object(make(context)) {}

  static T make(const Context& context) {
    if constexpr (std::constructible_from<T, const Context&>) {
      return T(context);
    } else {
      static_assert(std::default_initializable<T>,
                    "a component is constructed from a const weir::Context&, or from nothing");
      return T();
    }
  }

  Context context;
  T object;
};

template <typename T>
Instance<T>& instance(void* self) {
  return *static_cast<Instance<T>*>(self);
}

/// What a call may answer besides E_FATAL; the host takes any other status for a breach of the contract.
enum Answers : unsigned { kFatalOnly = 0, kMayRetry = 1, kMayRefuse = 2 };

/// The status for the exception being handled; tells the host why. Texts of other exceptions than ours may hold data, so only
/// their type is told. Never throws: out of memory while explaining leaves the status unexplained.
inline weir_status explain(const weir_host* host, weir_ctx* ctx, unsigned answers, weir_status otherwise) noexcept {
  const auto say = [&](weir_status status, std::string_view text, std::string_view pointer = {}) {
    host->set_error(ctx, to_c(pointer), to_c(text));
    return status;
  };
  try {
    try {
      throw;
    } catch (const ConfigError& error) {
      return say((answers & kMayRefuse) != 0 ? WEIR_E_CONFIG : otherwise, error.what(), error.pointer());
    } catch (const RetryError& error) {
      return say((answers & kMayRetry) != 0 ? WEIR_E_RETRY : otherwise, error.what());
    } catch (const FatalError& error) {
      return say(WEIR_E_FATAL, error.what());
    } catch (const DataError& error) {
      return say(otherwise, error.what());
    } catch (const UsageError& error) {
      return say(otherwise, std::string("used the host against its rules: ") + error.what());
    } catch (const std::exception& error) {
      return say(otherwise, "threw " + readable_name(typeid(error)));
    } catch (...) {
      return say(otherwise, "threw what is no std::exception");
    }
  } catch (...) {
    return otherwise;
  }
}

/// Runs a call into the class; what it throws becomes a status.
template <typename T, typename Call>
weir_status guarded(void* self, unsigned answers, Call&& call) noexcept {
  Instance<T>& at = instance<T>(self);
  try {
    return call(at);
  } catch (...) {
    return explain(at.context.host(), at.context.handle(), answers, WEIR_E_FATAL);
  }
}

template <typename T, Use kUse>
weir_status create(weir_ctx* ctx, const weir_host* host, void** self) noexcept {
  *self = nullptr;
  if (host->struct_size < sizeof(weir_host)) return WEIR_E_USAGE;
  try {
    *self = std::make_unique<Instance<T>>(ctx, host, kUse).release();
    return WEIR_OK;
  } catch (...) {
    return explain(host, ctx, kMayRefuse, WEIR_E_CONFIG);
  }
}

template <typename T>
void destroy(void* self) noexcept {
  delete static_cast<Instance<T>*>(self);
}

template <typename T>
weir_status start(void* self) noexcept {
  return guarded<T>(self, kMayRetry | kMayRefuse, [](Instance<T>& at) {
    if constexpr (Starts<T>) at.object.start();
    return WEIR_OK;
  });
}

/// Nobody listens to what stop throws, but the log.
template <typename T>
void stop(void* self) noexcept {
  Instance<T>& at = instance<T>(self);
  try {
    if constexpr (Stops<T>) at.object.stop();
  } catch (const FatalError& error) {
    at.context.log().error(error.what());
  } catch (...) {
    at.context.log().error("Stopping threw an exception.");
  }
}

template <typename T>
const void* extension(void* self, const char* id) noexcept {
  if constexpr (Extends<T>) {
    try {
      return instance<T>(self).object.extension(id);
    } catch (...) {
      return nullptr;
    }
  } else {
    return nullptr;
  }
}

/// A capability bit from a static member of the class; `otherwise` when the class does not say.
#define WEIR_DETAIL_TRAIT(member)                            \
  template <typename T>                                      \
  consteval bool member##_of(bool otherwise) {               \
    if constexpr (requires { T::member; }) return T::member; \
    return otherwise;                                        \
  }
WEIR_DETAIL_TRAIT(reads_document)
WEIR_DETAIL_TRAIT(mutates)
WEIR_DETAIL_TRAIT(privacy)
WEIR_DETAIL_TRAIT(tombstones)
WEIR_DETAIL_TRAIT(stateless)
WEIR_DETAIL_TRAIT(holds)
WEIR_DETAIL_TRAIT(resumable)
WEIR_DETAIL_TRAIT(durable)
WEIR_DETAIL_TRAIT(exclusive)
#undef WEIR_DETAIL_TRAIT

consteval std::uint32_t bit_if(bool set, std::uint32_t bit) { return set ? bit : 0; }

/// Which table a class has: `id` and `table`. Specialised by the header of each kind.
template <typename T>
struct Kind {
  static_assert(
      sizeof(T) == 0,
      "not a component: a transform has a public void apply(weir::Record&), a predicate bool test(weir::Record&), a "
      "source weir::Poll poll(weir::Output&), a sink std::size_t put(weir::Batch&); include the header of its kind");
};

template <typename T>
consteval auto declared_fields() {
  if constexpr (requires { T::fields; }) {
    return T::fields;
  } else {
    return Fields<0, 0, 0>{};
  }
}

template <typename T>
inline constexpr FieldTable kFieldTable{declared_fields<T>()};

template <typename T>
consteval weir_component component_of() {
  static_assert(is_lower_snake_case(T::name), "the name of a component is lower_snake_case");
  const char* details = "";
  if constexpr (requires { T::details; }) details = T::details;
  constexpr std::size_t kDirect = []<std::size_t Direct, std::size_t Rows, std::size_t Texts>(
                                      const FieldTable<Direct, Rows, Texts>&) { return Direct; }(kFieldTable<T>);
  return {sizeof(weir_component),
          Kind<T>::id,
          T::name,
          T::version,
          T::summary,
          details,
          sizeof(weir_field),
          kDirect,
          kDirect == 0 ? nullptr : kFieldTable<T>.fields.data(),
          &Kind<T>::table};
}

template <typename T>
inline constexpr weir_component kComponent = component_of<T>();

#if defined(__clang__)
inline constexpr const char* kBuiltWith = "clang " __clang_version__;
#elif defined(__GNUC__)
inline constexpr const char* kBuiltWith = "gcc " __VERSION__;
#else
inline constexpr const char* kBuiltWith = "";
#endif

template <typename... T>
struct Exports {
  static_assert(sizeof...(T) > 0, "WEIR_PLUGIN names at least one class");
  static constexpr const weir_component* components[] = {&kComponent<T>...};
  static constexpr weir_plugin plugin = {sizeof(weir_plugin), WEIR_ABI_TARGET, kBuiltWith, sizeof...(T), components};
};

}  // namespace weir::detail

/// Exports the components of a library: once in a library, outside every namespace, after the classes.
#define WEIR_PLUGIN(...) \
  extern "C" WEIR_EXPORT constexpr const weir_plugin weir_plugin_v0 = weir::detail::Exports<__VA_ARGS__>::plugin;
