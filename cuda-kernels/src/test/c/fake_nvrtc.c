// A compiler that compiles nothing: its result is the list of its options, which the fake driver reads. A text with "#error" fails.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

long fake_compilations;
struct program { char *source, *result; };

int nvrtcVersion(int *major, int *minor) { *major = 13; *minor = 99; return 0; }
const char *nvrtcGetErrorString(int code) { return code == 6 ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR"; }
int nvrtcCreateProgram(struct program **program, const char *source, const char *name, int headers, const char *const *texts, const char *const *names) {
    *program = calloc(1, sizeof **program);
    (*program)->source = strdup(source);
    return headers;
}
int nvrtcCompileProgram(struct program *program, int count, const char *const *options) {
    size_t bytes = 16;
    for (int i = 0; i < count; i++) bytes += strlen(options[i]) + 1;
    program->result = calloc(1, bytes);
    strcpy(program->result, "fake cubin");
    for (int i = 0; i < count; i++) strcat(strcat(program->result, " "), options[i]);
    fake_compilations++;
    return strstr(program->source, "#error") ? 6 : 0;
}
int nvrtcGetProgramLogSize(struct program *program, size_t *bytes) { *bytes = strlen("rows.cl.cu(3): error: as asked") + 1; return 0; }
int nvrtcGetProgramLog(struct program *program, char *log) { strcpy(log, "rows.cl.cu(3): error: as asked"); return 0; }
int nvrtcGetCUBINSize(struct program *program, size_t *bytes) { *bytes = strlen(program->result) + 1; return 0; }
int nvrtcGetCUBIN(struct program *program, char *cubin) { strcpy(cubin, program->result); return 0; }
int nvrtcDestroyProgram(struct program **program) {
    free((*program)->source);
    free((*program)->result);
    free(*program);
    *program = NULL;
    return 0;
}
