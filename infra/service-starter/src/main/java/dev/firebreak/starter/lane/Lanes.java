package dev.firebreak.starter.lane;

/** The lane of the work that this thread does; follows into the threads of a structured scope. */
public final class Lanes {
    private static final ScopedValue<Lane> CURRENT = ScopedValue.newInstance();

    private Lanes() {}

    /** The lane; {@link Lane#BACKGROUND} outside a request, because there nobody waits for an answer. */
    public static Lane current() {
        return CURRENT.orElse(Lane.BACKGROUND);
    }

    /** Does the work in the lane. */
    public static <X extends Exception> void in(Lane lane, Work<X> work) throws X {
        ScopedValue.where(CURRENT, lane).<Boolean, X>call(() -> {
            work.run();
            return true;
        });
    }

    /** Something to be done that may fail. */
    @FunctionalInterface
    public interface Work<X extends Exception> {
        void run() throws X;
    }
}
