package dev.limpid.bench.peers;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** How Limpid is to be compared with other programs. */
public final class PeerOptions {
    /** What can be compared. */
    public static final List<String> ROWS = List.of("qa", "image", "auto", "texts", "memory", "cold");

    @Option(names = "--peers", paramLabel = "PYTHON", description = "Compare explanations with transformers-interpret and captum, run by this Python, which must have them, torch and transformers; nothing else is measured.")
    private String python;

    @Option(names = "--rows", split = ",", paramLabel = "NAME", description = "Only these comparisons: qa, image, auto, texts, memory, cold (default: all).")
    private List<String> rows = ROWS;

    @Option(names = "--reference", paramLabel = "DIR", description = "The folder of bench_peers.py (default: reference in this folder, or in the checkout that bench.jar lies in).")
    private Path reference;

    @Option(names = "--fine-nodes", paramLabel = "N", description = "Nodes of the attributions that errors are measured by; kept beside the checkpoint (default: ${DEFAULT-VALUE}).")
    private int fineNodes = 1000;

    @Option(names = "--texts", paramLabel = "N", description = "How many texts of mixed length (default: ${DEFAULT-VALUE}).")
    private int texts = 200;

    @Option(names = "--text-nodes", paramLabel = "N", description = "Gauss-Legendre nodes for them (default: ${DEFAULT-VALUE}).")
    private int textNodes = 10;

    @Option(names = "--text-model", paramLabel = "NAME", description = "Their model: minilm, bert-base, bert-tiny (default: ${DEFAULT-VALUE}).")
    private String textModel = "minilm";

    /** The Python to run, or null for no comparison. */
    public String python() {
        return python;
    }

    public List<String> rows() {
        return rows;
    }

    /** Where the scripts are, or null to look for them. */
    public Path reference() {
        return reference;
    }

    /** Nodes of what counts as exact. */
    public int fineNodes() {
        return fineNodes;
    }

    public int texts() {
        return texts;
    }

    public int textNodes() {
        return textNodes;
    }

    public String textModel() {
        return textModel;
    }
}
