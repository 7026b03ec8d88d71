/* Exports a function by the name that must be data. */
__attribute__((visibility("default"))) int weir_plugin_v0(void) { return 0; }
