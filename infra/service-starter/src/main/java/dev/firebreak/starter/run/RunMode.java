package dev.firebreak.starter.run;

/** One thing that a service's jar can do instead of serving: {@code --firebreak.run=<name>}. */
public interface RunMode {
    /** Value of the key. */
    String name();

    /**
     * Does it, with the whole command line.
     *
     * @return exit status: 0 = done
     */
    int run(String[] args);
}
