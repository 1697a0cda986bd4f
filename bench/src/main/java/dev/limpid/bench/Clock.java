package dev.limpid.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What time is measured by. */
public enum Clock {
    /** Time the calling thread spent on a processor: other programs that share the machine are not counted. */
    CPU {
        @Override
        public long nanoseconds() {
            return THREADS.getCurrentThreadCpuTime();
        }
    },
    /** Time that passed. */
    WALL {
        @Override
        public long nanoseconds() {
            return System.nanoTime();
        }
    };

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Nanoseconds since some fixed moment. */
    public abstract long nanoseconds();
}
