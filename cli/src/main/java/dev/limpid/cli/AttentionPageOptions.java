package dev.limpid.cli;

import dev.limpid.attribution.render.attention.AttentionOptions;
import dev.limpid.attribution.render.attention.AttentionView;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The options that say what a page of attention holds, and what it shows first. */
final class AttentionPageOptions {
    @Option(names = "--view", paramLabel = "NAME", defaultValue = "head", description = "What the page shows first: head (the heads of a layer), model (all layers and heads) or neuron (queries and keys of a head,"
            + " which only this puts on the page) (default: ${DEFAULT-VALUE}).")
    private String view;

    @Option(names = "--layer", paramLabel = "N", description = "Layer that the page shows first, from 0 (default: the first).")
    private Integer layer;

    @Option(names = "--heads", paramLabel = "N,N", split = ",", description = "Heads that the page shows first, from 0 (default: all).")
    private List<Integer> heads = List.of();

    @Option(names = "--include-layers", paramLabel = "N,N", split = ",", description = "Layers on the page, which makes it smaller (default: all).")
    private List<Integer> includeLayers = List.of();

    @Option(names = "--include-heads", paramLabel = "N,N", split = ",", description = "Heads on the page, likewise (default: all).")
    private List<Integer> includeHeads = List.of();

    /**
     * The same as the library has it.
     *
     * @throws UsageException if there is no such view, or a layer is negative
     */
    AttentionOptions toAttentionOptions() {
        if (layer != null && layer < 0) {
            throw new UsageException("--layer must be 0 or more, not " + layer);
        }
        AttentionView named = Arrays.stream(AttentionView.values()).filter(one -> one.id().equals(view)).findFirst()
                .orElseThrow(() -> new UsageException("--view: there is no view '" + view + "'; known are "
                        + Arrays.stream(AttentionView.values()).map(AttentionView::id)
                                .collect(Collectors.joining(", "))));
        return new AttentionOptions(named, layer == null ? -1 : layer, heads, includeLayers, includeHeads);
    }
}
