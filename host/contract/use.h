#pragma once
#include <span>
#include <string>
#include <vector>

#include "contract/subject.h"

/// An instance as the host uses it. What fails here ends the rule: it does not apply, since another one is about that.
namespace weir::host::contract {

/// What became of records, a letter each: l(ive) d(ropped) f(ailed) h(eld) m(erged) for transforms, 1 0 f for predicates,
/// o(k) f(ailed) r(etry) -(no acknowledgement) for sinks. Of sources nothing.
using Letters = std::string;

/// start, repeated for a while as the host would.
template <typename T>
[[nodiscard]] Status try_start(T& plugin);
void start(Source& source);
void start(Transform& transform);
void start(Sink& sink);
inline void start(Predicate&) {}

void stop(Source& source);
void stop(Transform& transform);
void stop(Sink& sink);
inline void stop(Predicate&) {}

/// apply with those records of the batch that a host would show it, repeated when it asks for it.
[[nodiscard]] Status try_apply(const Subject& subject, Transform& transform, Batch& batch);
[[nodiscard]] Status try_test(const Subject& subject, Predicate& predicate, Batch& batch,
                              std::vector<std::uint8_t>& matches);
/// put until all are taken, then flush until it says OK.
[[nodiscard]] Status try_deliver(Sink& sink, Batch& batch);
/// put until all are taken, for a while.
[[nodiscard]] Status try_put(Sink& sink, std::span<Record* const> records);

[[nodiscard]] Letters letters_of(std::span<Record* const> records);
[[nodiscard]] Letters letters_of(const AckBook& acks, std::span<Record* const> records);

/// A round of ordinary work of a started instance.
Letters work(Subject& subject, Instance<Source>& source);
Letters work(Subject& subject, Instance<Transform>& transform);
Letters work(Subject& subject, Instance<Predicate>& predicate);
Letters work(Subject& subject, Instance<Sink>& sink);

[[nodiscard]] Instance<Source> make(Subject& subject, const Source*);
[[nodiscard]] Instance<Transform> make(Subject& subject, const Transform*);
[[nodiscard]] Instance<Predicate> make(Subject& subject, const Predicate*);
[[nodiscard]] Instance<Sink> make(Subject& subject, const Sink*);
template <typename T>
[[nodiscard]] Instance<T> make(Subject& subject) {
  return make(subject, static_cast<const T*>(nullptr));
}

/// One poll; its origins are closed and its records sealed as the host does it.
[[nodiscard]] Status try_poll(Source& source, Batch& batch, const PollLimits& limits);

}  // namespace weir::host::contract
