#pragma once
#include <algorithm>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "contract/rules.h"
#include "contract/surroundings.h"
#include "contract/use.h"

/// The rules that hold for every kind of component.
namespace weir::host::contract {

/// Runs a part of a rule whose beginnings worked before: what does not work now breaks the rule.
template <typename Part>
auto now_too(const std::string& circumstance, const Part& part) {
  try {
    return part();
  } catch (const Ended& ended) {
    break_off(Verdict::broken(circumstance + ": " + ended.verdict.text));
  }
}

/// Runs parts of a rule one after the other, each on a thread of its own. The threads end with it: the id of one that ended would be used again.
class OtherThreads {
 public:
  OtherThreads() = default;
  ~OtherThreads() {
    end_.set_value();
    for (std::thread& thread : threads_) thread.join();
  }
  OtherThreads(const OtherThreads&) = delete;
  OtherThreads& operator=(const OtherThreads&) = delete;

  /// Returns when the part did, with what it threw.
  template <typename Part>
  void run(const Part& part) {
    std::packaged_task<void()> task([&part] { part(); });
    std::future<void> done = task.get_future();
    threads_.emplace_back([task = std::move(task), end = all_end_]() mutable {
      task();
      end.wait();
    });
    done.get();
  }

 private:
  std::promise<void> end_;
  std::shared_future<void> all_end_ = end_.get_future().share();
  std::vector<std::thread> threads_;
};

template <typename T>
void live(Subject& subject) {
  Instance<T> instance = make<T>(subject);
  start(*instance.plugin);
  work(subject, instance);
  stop(*instance.plugin);
}

/// A life with good records, and what the spy saw of it.
template <typename T, auto List>
Verdict nothing_seen(Subject& subject) {
  std::string why;
  try {
    live<T>(subject);
  } catch (const Ended& ended) {
    why = ended.verdict.text;
  }
  const Observations observed = subject.observed();
  std::string seen;
  for (const std::string& one : observed.*List) seen += (seen.empty() ? "" : ", ") + one;
  if (!seen.empty()) return Verdict::broken(seen);
  return why.empty() ? Verdict::ok() : Verdict::not_applicable(why);
}

template <typename T>
Verdict create_touches_nothing(Subject& subject) {
  const Surroundings before = look_around();
  const Instance<T> instance = make<T>(subject);
  const std::string seen = opened_since(before);
  return seen.empty() ? Verdict::ok() : Verdict::broken("create " + seen);
}

/// What a first life leaves may be the libraries' own; a second one leaves nothing more.
template <typename T>
Verdict nothing_is_left(Subject& subject) {
  live<T>(subject);
  const Surroundings before = look_around();
  live<T>(subject);
  const std::string left = left_since(before);
  return left.empty() ? Verdict::ok() : Verdict::broken("after destroy there is " + left);
}

template <typename T>
Verdict restart(Subject& subject) {
  Instance<T> instance = make<T>(subject);
  start(*instance.plugin);
  const Letters first = work(subject, instance);
  stop(*instance.plugin);
  instance.ended = false;
  if (const Status again = try_start(*instance.plugin); !again.ok())
    return Verdict::broken("a second start failed: " + again.message());
  const Letters second = now_too("after a second start", [&] { return work(subject, instance); });
  stop(*instance.plugin);
  const auto failed = [](const Letters& letters) { return std::count(letters.begin(), letters.end(), 'f'); };
  return failed(second) > failed(first) ? Verdict::broken("after a second start records failed") : Verdict::ok();
}

/// What two rounds of work come to for one instance that is alone, on one thread.
template <typename T>
Letters two_rounds(Subject& subject) {
  Instance<T> instance = make<T>(subject);
  start(*instance.plugin);
  Letters rounds = work(subject, instance) + " ";
  rounds += work(subject, instance);
  stop(*instance.plugin);
  return rounds;
}

template <typename T>
Verdict any_thread(Subject& subject) {
  const Letters expected = two_rounds<T>(subject);
  Letters came;
  now_too("on other threads than create", [&] {
    Instance<T> instance = make<T>(subject);
    OtherThreads threads;
    threads.run([&] { start(*instance.plugin); });
    threads.run([&] { came = work(subject, instance); });
    threads.run([&] { came += " " + work(subject, instance); });
    threads.run([&] { stop(*instance.plugin); });
  });
  return came == expected ? Verdict::ok() : Verdict::broken("on other threads it works otherwise");
}

template <typename T>
Verdict instances_alone(Subject& subject) {
  if (subject.can(WEIR_EXCLUSIVE)) return Verdict::not_applicable("a run uses it once");
  if (subject.info().kind == WEIR_SINK) subject.make_tasks(2);  // two writers of one place they would not be
  const Letters expected = two_rounds<T>(subject);
  Letters came;
  now_too("beside another instance", [&] {
    Instance<T> instance = make<T>(subject);
    {
      Instance<T> other = make<T>(subject);
      start(*instance.plugin);
      start(*other.plugin);
      came = work(subject, instance);
      work(subject, other);
      stop(*other.plugin);
    }
    came += " " + work(subject, instance);
    stop(*instance.plugin);
  });
  return came == expected ? Verdict::ok()
                          : Verdict::broken("it works otherwise when another instance was there and was destroyed");
}

/// The rules all kinds with start and stop share; a kind adds its own.
template <typename T>
std::vector<Rule> shared_rules() {
  return {
      {"create", "create touches nothing outside", create_touches_nothing<T>},
      {"exceptions", "no exception leaves the plugin", nothing_seen<T, &Observations::exceptions>},
      {"statuses", "each function answers what it may", nothing_seen<T, &Observations::statuses>},
      {"host_calls", "the host is called during calls only, on their thread",
       nothing_seen<T, &Observations::outside_calls>},
      {"usage", "the host is used as abi.h says", nothing_seen<T, &Observations::refused_calls>},
      {"threads", "any thread may call it, one at a time", any_thread<T>},
      {"instances", "instances know nothing of each other", instances_alone<T>},
      {"leftovers", "destroy leaves no thread and nothing open", nothing_is_left<T>},
  };
}

}  // namespace weir::host::contract
