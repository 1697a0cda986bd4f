package dev.limpid.cuda;

import dev.limpid.kernels.KernelDevice;
import dev.limpid.kernels.KernelText.Declaration;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;

/** Compiled kernels in a device's memory. */
final class CudaFamily implements KernelDevice.Family {
    private final CudaContext context;
    private final LaunchSlots slots;
    private final Map<String, Declaration> declarations;
    private final Map<String, CudaKernel> kernels = new HashMap<>();
    private final CUmod_st module = new CUmod_st();

    /** Loads what was compiled for this device. */
    CudaFamily(CudaContext context, LaunchSlots slots, String name, Map<String, Declaration> declarations,
            byte[] cubin) {
        this.context = context;
        this.slots = slots;
        this.declarations = declarations;
        try (BytePointer image = new BytePointer(cubin)) {
            context.faults().check(cudart.cuModuleLoadData(module, image), "load the kernels of " + name);
        }
    }

    @Override
    public CudaKernel kernel(String name) {
        return kernels.computeIfAbsent(name, _ -> {
            Declaration declaration = declarations.get(name);
            if (declaration == null) {
                throw new IllegalArgumentException(
                        "there is no kernel " + name + "; there are " + declarations.keySet());
            }
            CUfunc_st function = new CUfunc_st();
            context.faults().check(cudart.cuModuleGetFunction(function, module, name), "find kernel " + name);
            return new CudaKernel(context, slots, declaration, function);
        });
    }

    /** Unloads it; the result is of no interest, as the device may have failed. */
    void unload() {
        cudart.cuModuleUnload(module);
    }
}
