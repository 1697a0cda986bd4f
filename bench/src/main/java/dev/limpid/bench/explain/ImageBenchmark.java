package dev.limpid.bench.explain;

import dev.limpid.bench.BenchContext;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Table;
import java.util.List;

/** A whole explanation of an image: integrated gradients of every pixel, by Gauss–Legendre. */
public final class ImageBenchmark implements Benchmark {
    @Override
    public String name() {
        return "image";
    }

    @Override
    public String description() {
        return "an explanation of an image: the shape of vit-base-patch16-224 with random weights";
    }

    @Override
    public List<Table> run(BenchContext context) {
        List<String> asked = context.explanations().shapes();
        List<ModelShape> images = ModelShape.named(asked.isEmpty() ? List.of("vit-base") : asked).stream()
                .filter(ModelShape::image).toList();
        return images.isEmpty() ? List.of() : List.of(ExplanationTable.of(context, images));
    }
}
