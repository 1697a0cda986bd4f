package dev.limpid.cuda;

import dev.limpid.kernels.KernelDevice;
import dev.limpid.kernels.KernelText.Declaration;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.PointerPointer;

/** A kernel that can be started; its words are those of {@link LaunchArguments}. */
final class CudaKernel implements KernelDevice.Kernel, Step {
    private final CudaContext context;
    private final LaunchSlots slots;
    private final Declaration declaration;
    private final CUfunc_st function;
    private final String launching;

    CudaKernel(CudaContext context, LaunchSlots slots, Declaration declaration, CUfunc_st function) {
        this.context = context;
        this.slots = slots;
        this.declaration = declaration;
        this.function = function;
        launching = "start kernel " + declaration.name();
    }

    @Override
    public Declaration declaration() {
        return declaration;
    }

    @Override
    public void issue(long[] words, int from) {
        LaunchArguments.pack(words, from + LaunchArguments.GRID, declaration.parameters().size(), slots.memory());
        context.faults().check(cudart.cuLaunchKernel(function, (int) words[from], (int) words[from + 1],
                (int) words[from + 2], declaration.groupX(), declaration.groupY(), 1, 0, context.stream(),
                slots.pointers(), (PointerPointer<?>) null), launching);
    }
}
