package dev.firebreak.starter;

/** The configuration cannot be used. The message is the one sentence that the operator sees; it begins with the key. */
public final class Misconfigured extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public Misconfigured(String sentence) {
        super(sentence);
    }
}
