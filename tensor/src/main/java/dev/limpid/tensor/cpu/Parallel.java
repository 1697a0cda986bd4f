package dev.limpid.tensor.cpu;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A fork-join region for kernels: the caller and {@code threads - 1} daemon workers draw task indexes from a shared
 * counter.
 *
 * <p>Any number of callers may be inside {@link #run} at once; each has its own job, always works on that job itself,
 * and workers help whichever job has tasks left. So a region never waits for a worker that is busy elsewhere unless
 * that worker holds one of its tasks. A {@code run} inside a body runs on the thread that asked. Which thread takes
 * which task is not determined; a body whose tasks write disjoint results is.
 */
final class Parallel implements AutoCloseable {

    /** One thread, no workers; closing it does nothing. */
    static final Parallel SERIAL = new Parallel(1);

    /**
     * About 20 µs: longer than the gap between two kernels of one layer, shorter than anybody would notice on a shared
     * machine.
     */
    private static final int SPINS = 500;

    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private final Queue<Job> jobs = new ConcurrentLinkedQueue<>();
    private final Worker[] workers;
    private volatile boolean closed;

    /** Starts {@code threads - 1} workers; refuses {@code threads < 1}. */
    Parallel(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, found " + threads);
        }
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker("limpid-" + (i + 1));
        }
        for (Worker worker : workers) {
            worker.start();
        }
    }

    int threads() {
        return workers.length + 1;
    }

    /**
     * Calls {@code body} once with each of 0 … tasks - 1 and returns when all calls have returned.
     *
     * <p>When a body throws, tasks not yet begun are dropped and the first exception reaches the caller, with those of
     * other threads suppressed in it.
     */
    void run(int tasks, IntConsumer body) {
        if (closed) {
            throw new IllegalStateException("this Parallel is closed");
        }
        if (tasks <= 1 || workers.length == 0 || INSIDE.get()) {
            for (int i = 0; i < tasks; i++) {
                body.accept(i);
            }
            return;
        }
        Job job = new Job(tasks, body, Thread.currentThread());
        jobs.add(job);
        wake(tasks - 1);
        INSIDE.set(true);
        try {
            job.work();
            job.await();
        } finally {
            INSIDE.set(false);
            jobs.remove(job);
        }
        job.rethrow();
    }

    private void wake(int wanted) {
        int left = wanted;
        for (Worker worker : workers) {
            if (left <= 0) {
                return;
            }
            if (worker.parked) {
                LockSupport.unpark(worker);
                left--;
            }
        }
    }

    /** Stops the workers after the tasks they hold; regions under way are finished by their callers. */
    @Override
    public void close() {
        if (this == SERIAL) {
            return;
        }
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker);
        }
    }

    private Job open() {
        for (Job job : jobs) {
            if (job.hasTasks()) {
                return job;
            }
        }
        return null;
    }

    private final class Worker extends Thread {

        private volatile boolean parked;

        Worker(String name) {
            super(null, null, name, 0, false);
            setDaemon(true);
        }

        @Override
        public void run() {
            INSIDE.set(true);
            int idle = 0;
            while (!closed) {
                Job job = open();
                if (job != null) {
                    job.work();
                    idle = 0;
                } else if (++idle < SPINS) {
                    Thread.onSpinWait();
                } else {
                    parkUntilWoken();
                    idle = 0;
                }
            }
        }

        /**
         * The flag goes up before the last look at the queue, and a caller adds its job before it reads the flag: one
         * of the two sees the other.
         */
        private void parkUntilWoken() {
            parked = true;
            if (open() == null && !closed) {
                LockSupport.park(Parallel.this);
            }
            parked = false;
        }
    }

    private static final class Job {

        private final int tasks;
        private final IntConsumer body;
        private final Thread caller;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile boolean waiting;
        private volatile Throwable failure;

        Job(int tasks, IntConsumer body, Thread caller) {
            this.tasks = tasks;
            this.body = body;
            this.caller = caller;
        }

        boolean hasTasks() {
            return next.get() < tasks;
        }

        void work() {
            while (hasTasks()) {
                int task = next.getAndIncrement();
                if (task >= tasks) {
                    return;
                }
                execute(task);
                if (done.incrementAndGet() == tasks && waiting) {
                    LockSupport.unpark(caller);
                }
            }
        }

        private void execute(int task) {
            if (failure != null) {
                return;
            }
            try {
                body.accept(task);
            } catch (Throwable thrown) {
                fail(thrown);
            }
        }

        @SuppressWarnings("ReferenceEquality") // an exception cannot be suppressed in itself
        private synchronized void fail(Throwable thrown) {
            if (failure == null) {
                failure = thrown;
            } else if (failure != thrown) {
                failure.addSuppressed(thrown);
            }
        }

        /**
         * Waits for the tasks that workers hold; an interrupt is kept for the caller, a region cannot be left half
         * done.
         */
        void await() {
            int idle = 0;
            boolean interrupted = false;
            while (done.get() < tasks) {
                if (++idle < SPINS) {
                    Thread.onSpinWait();
                } else {
                    waiting = true;
                    if (done.get() < tasks) {
                        LockSupport.park(this);
                    }
                    interrupted |= Thread.interrupted();
                }
            }
            if (interrupted) {
                caller.interrupt();
            }
        }

        void rethrow() {
            switch (failure) {
                case null -> {
                }
                case RuntimeException exception -> throw exception;
                case Error error -> throw error;
                default -> throw new IllegalStateException(failure);
            }
        }
    }
}
