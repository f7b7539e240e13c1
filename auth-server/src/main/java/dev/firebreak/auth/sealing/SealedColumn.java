package dev.firebreak.auth.sealing;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A column of sealed secrets; a bean of the module that owns it, so that a rotation of the key-encryption key reaches it.
 * Beside it stands the column {@code wrapping_key_id}. A table of many rows needs an index on that one.
 *
 * @param table its table
 * @param idColumn the table's primary key; its text is part of what is authenticated
 * @param column holds the sealed value; may be null
 * @param purpose what the secrets are for
 */
public record SealedColumn(String table, String idColumn, String column, String purpose) {
    /** Name of the column that says under which key a row is sealed; one a table. */
    public static final String KEY_ID = "wrapping_key_id";

    /** They go into statements as they are. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    public SealedColumn {
        for (String name : List.of(table, idColumn, column)) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("Not the name of a table or column: " + name);
            }
        }
    }

    /** Where the secret of one row belongs. */
    public KeyWrapper.Place place(String rowId) {
        return new KeyWrapper.Place(table, column, rowId, purpose);
    }
}
