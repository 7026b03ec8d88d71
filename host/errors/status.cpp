#include "errors/status.h"

namespace weir::host {

std::string_view status_name(weir_status code) {
  switch (code) {
    case WEIR_OK:
      return "OK";
    case WEIR_NOT_FOUND:
      return "NOT_FOUND";
    case WEIR_END:
      return "END";
    case WEIR_E_USAGE:
      return "E_USAGE";
    case WEIR_E_CONFIG:
      return "E_CONFIG";
    case WEIR_E_DATA:
      return "E_DATA";
    case WEIR_E_RETRY:
      return "E_RETRY";
    case WEIR_E_FATAL:
      return "E_FATAL";
    default:
      return "UNKNOWN";
  }
}

}  // namespace weir::host
