// zstd calls these functions if the process has them (`ZSTD_TRACE`). The process here is a database that
// may carry another zstd with functions of the same names, so the plugin brings its own, hidden, that trace
// nothing.
extern "C" {

unsigned long long ZSTD_trace_compress_begin(const void* context);
void ZSTD_trace_compress_end(unsigned long long trace, const void* data);
unsigned long long ZSTD_trace_decompress_begin(const void* context);
void ZSTD_trace_decompress_end(unsigned long long trace, const void* data);

/// Zero means: not traced, do not call the end.
unsigned long long ZSTD_trace_compress_begin(const void* /*context*/) {
  return 0;
}
void ZSTD_trace_compress_end(unsigned long long /*trace*/, const void* /*data*/) {}
unsigned long long ZSTD_trace_decompress_begin(const void* /*context*/) {
  return 0;
}
void ZSTD_trace_decompress_end(unsigned long long /*trace*/, const void* /*data*/) {}
}
