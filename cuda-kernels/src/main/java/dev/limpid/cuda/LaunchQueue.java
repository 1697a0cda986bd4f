package dev.limpid.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds steps back and gives them to the stream a sequence at a time: step by step when a sequence is new, recorded as a graph the second time, and from then on
 * with one launch.
 *
 * <p>A sequence is known by its steps and by the values of all their arguments, addresses of memory among them, so a graph never does anything but what was asked
 * for. Long work is cut after a fixed number of steps, at the same places every time, so that the device begins while the rest is still being put together.
 * Not safe for use by several threads.
 */
final class LaunchQueue {
    /** Steps after which a sequence is given away: about a tenth of a millisecond of putting together. */
    static final int LONGEST = 128;
    /** Below this many steps a graph saves nothing. */
    static final int SHORTEST = 4;
    private static final int REMEMBERED = 4096;

    private final Graphs graphs;
    private final int kept;
    private final Sequence waiting = new Sequence();
    private final Map<Long, Boolean> seen = new LinkedHashMap<>();
    private final Map<Sequence, Graphs.Executable> executables = new LinkedHashMap<>(16, 0.75f, true);
    private boolean recording;
    private long replayed;

    /**
     * A queue without work.
     *
     * @param graphs records sequences
     * @param kept how many graphs to keep; those longest unused go first, and 0 means that nothing is recorded
     */
    LaunchQueue(Graphs graphs, int kept) {
        this.graphs = graphs;
        this.kept = kept;
        recording = kept > 0;
    }

    /** Whether sequences are still recorded: not when the stream has refused one. */
    boolean isRecording() {
        return recording;
    }

    /** How often a graph was launched. */
    long replayed() {
        return replayed;
    }

    /** Appends a step with the first {@code count} of {@code arguments}. */
    void add(Step step, long[] arguments, int count) {
        waiting.add(step, arguments, count);
        if (waiting.size() == LONGEST) {
            flush();
        }
    }

    /** Gives all that waits to the stream; whatever fails, nothing waits afterwards. */
    void flush() {
        if (waiting.size() == 0) {
            return;
        }
        try {
            run();
        } finally {
            waiting.clear();
        }
    }

    private void run() {
        if (!recording || waiting.size() < SHORTEST) {
            waiting.issue();
            return;
        }
        Graphs.Executable executable = executables.get(waiting);
        if (executable != null) {
            executable.launch();
            replayed++;
        } else if (seen.putIfAbsent(waiting.hash(), true) == null) {
            trim(seen, REMEMBERED);
            waiting.issue();
        } else {
            record();
        }
    }

    private void record() {
        Optional<Graphs.Executable> captured = graphs.capture(waiting::issue);
        if (captured.isEmpty()) {
            recording = false;
            waiting.issue();
            return;
        }
        executables.put(waiting.copy(), captured.get());
        trim(executables, kept).forEach(Graphs.Executable::destroy);
        captured.get().launch();
        replayed++;
    }

    private static <K, V> List<V> trim(Map<K, V> map, int size) {
        List<V> removed = new ArrayList<>();
        var eldest = map.entrySet().iterator();
        while (map.size() > size) {
            removed.add(eldest.next().getValue());
            eldest.remove();
        }
        return removed;
    }

    /** Forgets what waits and frees all graphs. */
    void close() {
        waiting.clear();
        executables.values().forEach(Graphs.Executable::destroy);
        executables.clear();
    }
}
