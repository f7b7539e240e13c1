package dev.firebreak.system.harness;

/** Somebody with an account. */
public record Person(String email, String password) {
    /** The local stack's own users (contracts, "Demo accounts"). */
    public static final Person ALICE = new Person("alice@example.com", "firebreak");

    public static final Person BOB = new Person("bob@example.com", "firebreak");

    public static final Person OPS = new Person("ops@example.com", "firebreak");

    /** Never the password. */
    @Override
    public String toString() {
        return email;
    }
}
