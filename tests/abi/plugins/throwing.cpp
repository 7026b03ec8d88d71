// Components that throw, each in one place, and a sink that does not.
#include <weir/abi.h>

#include <cstring>
#include <stdexcept>

namespace {

constexpr const char* kSecret = "canary-in-an-exception";

const weir_host* host_of = nullptr;
int self_object = 0;

weir_status create(weir_ctx*, const weir_host* host, void** self) {
  host_of = host;
  *self = &self_object;
  return WEIR_OK;
}
weir_status create_throws(weir_ctx*, const weir_host*, void**) { throw std::runtime_error(kSecret); }
void destroy(void*) {}
weir_status start(void*) { return WEIR_OK; }
weir_status start_throws(void*) { throw std::runtime_error(kSecret); }
void stop(void*) {}
void wake(void*) {}

weir_status apply(void*, const weir_batch*, weir_output*) { return WEIR_OK; }
/// Clones and drops before it throws: none of that may get out half done.
weir_status apply_throws(void*, const weir_batch* batch, weir_output*) {
  host_of->clone(batch->records[0]);
  if (batch->count > 1) host_of->drop(batch->records[1]);
  throw std::runtime_error(kSecret);
}
weir_status apply_throws_number(void*, const weir_batch*, weir_output*) { throw 42; }

weir_status poll_throws(void*, weir_output* output, uint32_t, size_t, uint32_t) {
  weir_origin* origin = host_of->origin(output, {"p", 1}, {"1", 1}, 0);
  if (origin != nullptr) host_of->append(output, origin);
  throw std::runtime_error(kSecret);
}

weir_status test_throws(void*, const weir_batch*, uint8_t*) { throw std::runtime_error(kSecret); }

weir_status put_throws(void*, const weir_batch*, uint32_t* taken) {
  *taken = 1;
  throw std::runtime_error(kSecret);
}
weir_status put(void*, const weir_batch* batch, uint32_t* taken) {
  *taken = batch->count;
  return WEIR_OK;
}
weir_status put_acknowledged(void*, const weir_batch* batch, uint32_t* taken) {
  host_of->ack(batch->records, batch->count, WEIR_OK, nullptr);
  *taken = batch->count;
  return WEIR_OK;
}
weir_status wait_throws(void*, uint32_t) { throw std::runtime_error(kSecret); }
weir_status wait(void*, uint32_t) { return WEIR_OK; }

const weir_transform throws_in_constructor{
    sizeof(weir_transform), 0, create_throws, destroy, nullptr, apply, nullptr, nullptr, nullptr, nullptr};
const weir_transform throws_in_apply{sizeof(weir_transform), WEIR_STATELESS, create,  destroy, nullptr,
                                     apply_throws,           nullptr,        nullptr, nullptr, nullptr};
const weir_transform throws_a_number{sizeof(weir_transform), 0,       create,  destroy, nullptr,
                                     apply_throws_number,    nullptr, nullptr, nullptr, nullptr};
const weir_source throws_in_poll{sizeof(weir_source), 0,       create, destroy, start,
                                 poll_throws,         nullptr, wake,   stop,    nullptr};
const weir_source throws_in_start{sizeof(weir_source), 0,       create, destroy, start_throws,
                                  poll_throws,         nullptr, wake,   stop,    nullptr};
const weir_predicate throws_in_test{sizeof(weir_predicate), 0, create, destroy, test_throws};
const weir_sink throws_in_put{sizeof(weir_sink), 0, create, destroy, start, put_throws, wait, wait, stop, nullptr};
const weir_sink throws_in_flush{sizeof(weir_sink), 0, create, destroy, start, put, wait, wait_throws, stop, nullptr};
const weir_sink swallow{sizeof(weir_sink), 0, create, destroy, start, put_acknowledged, wait, wait, stop, nullptr};

weir_component component(std::uint32_t kind, const char* name, const void* table) {
  return {sizeof(weir_component), kind, name, "1.0.0", "Throws.", "", sizeof(weir_field), 0, nullptr, table};
}

const weir_component components[] = {
    component(WEIR_TRANSFORM, "throws_in_constructor", &throws_in_constructor),
    component(WEIR_TRANSFORM, "throws_in_apply", &throws_in_apply),
    component(WEIR_TRANSFORM, "throws_a_number", &throws_a_number),
    component(WEIR_SOURCE, "throws_in_poll", &throws_in_poll),
    component(WEIR_SOURCE, "throws_in_start", &throws_in_start),
    component(WEIR_PREDICATE, "throws_in_test", &throws_in_test),
    component(WEIR_SINK, "throws_in_put", &throws_in_put),
    component(WEIR_SINK, "throws_in_flush", &throws_in_flush),
    component(WEIR_SINK, "swallow", &swallow),
};

const weir_component* const list[] = {&components[0], &components[1], &components[2], &components[3], &components[4],
                                      &components[5], &components[6], &components[7], &components[8]};

}  // namespace

const weir_plugin weir_plugin_v0 = {sizeof(weir_plugin), WEIR_ABI_TARGET, "a test", 9, list};
