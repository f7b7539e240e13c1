package dev.firebreak.cli.oauth;

/** A flow that did not end with a token, in words for the person who asked for it. */
public final class OAuthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String advice;

    OAuthException(String message, String advice) {
        super(message);
        this.advice = advice;
    }

    public String advice() {
        return advice;
    }
}
