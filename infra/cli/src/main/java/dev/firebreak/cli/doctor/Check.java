package dev.firebreak.cli.doctor;

/**
 * One thing that was looked at.
 *
 * @param advice what to do about it; "" when it is well
 */
public record Check(String name, Verdict verdict, String found, String advice) {
    /** Only {@link #FAIL} makes the command fail. */
    public enum Verdict {
        OK,
        WARN,
        FAIL
    }

    static Check ok(String name, String found) {
        return new Check(name, Verdict.OK, found, "");
    }

    static Check warn(String name, String found, String advice) {
        return new Check(name, Verdict.WARN, found, advice);
    }

    static Check fail(String name, String found, String advice) {
        return new Check(name, Verdict.FAIL, found, advice);
    }
}
