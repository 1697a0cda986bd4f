package dev.limpid.cuda;

import java.util.Optional;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.global.cudart;

/** Records what a stream is given as a CUDA graph. */
final class StreamGraphs implements Graphs {
    private final CudaContext context;

    StreamGraphs(CudaContext context) {
        this.context = context;
    }

    @Override
    public Optional<Executable> capture(Runnable sequence) {
        Faults faults = context.faults();
        CUgraph_st graph = new CUgraph_st();
        // Relaxed: a library may do things of its own in between, which are no part of the work.
        int begun = cudart.cuStreamBeginCapture(context.stream(), cudart.CU_STREAM_CAPTURE_MODE_RELAXED);
        if (CudaFault.isCaptureRefusal(begun)) {
            return Optional.empty();
        }
        faults.check(begun, "record a sequence");
        try {
            sequence.run();
        } catch (RuntimeException e) {
            cudart.cuStreamEndCapture(context.stream(), graph);
            destroy(graph);
            throw e;
        }
        int ended = cudart.cuStreamEndCapture(context.stream(), graph);
        if (CudaFault.isCaptureRefusal(ended)) {
            return Optional.empty();
        }
        faults.check(ended, "record a sequence");
        try {
            CUgraphExec_st executable = new CUgraphExec_st();
            faults.check(cudart.cuGraphInstantiate(executable, graph, 0), "make a graph");
            return Optional.of(new Recorded(context, executable));
        } finally {
            destroy(graph);
        }
    }

    private static void destroy(CUgraph_st graph) {
        if (!graph.isNull()) {
            cudart.cuGraphDestroy(graph);
        }
    }

    private record Recorded(CudaContext context, CUgraphExec_st executable) implements Executable {
        @Override
        public void launch() {
            context.faults().check(cudart.cuGraphLaunch(executable, context.stream()), "start a graph");
        }

        // The driver keeps a graph that is under way until it is done.
        @Override
        public void destroy() {
            cudart.cuGraphExecDestroy(executable);
        }
    }
}
