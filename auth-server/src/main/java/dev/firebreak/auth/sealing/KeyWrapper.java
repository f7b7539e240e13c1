package dev.firebreak.auth.sealing;

/**
 * Encrypts small secrets at rest under a key that the database never holds. Safe for concurrent use. The file-based one
 * works in memory; one on a KMS would do I/O, so callers unwrap once and keep the result.
 */
public interface KeyWrapper {
    /**
     * Where a secret belongs. Part of what is authenticated, so that a sealed value moved to another row or column does
     * not open.
     *
     * @param table table that holds it
     * @param column column that holds it
     * @param rowId primary key of the row
     * @param purpose what the secret is for
     */
    record Place(String table, String column, String rowId, String purpose) {}

    /**
     * A sealed secret and the key that sealed it: stored together, and made together because the key may be another one a
     * moment later.
     *
     * @param keyId id of the key-encryption key; belongs into the column beside the value
     */
    record Sealed(String keyId, byte[] value) {
        @Override
        public String toString() {
            return "Sealed[" + keyId + "]";
        }
    }

    /** Seals a secret for one place. */
    Sealed wrap(byte[] secret, Place place);

    /**
     * Opens a sealed secret.
     *
     * @param keyId id stored beside the value
     * @throws IllegalStateException if this wrapper does not have that key, or the value was changed or moved
     */
    byte[] unwrap(String keyId, byte[] sealed, Place place);
}
