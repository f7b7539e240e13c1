package dev.firebreak.starter.database;

/**
 * Everything that opening a connection takes, checked. Holds no secret, only the path of one.
 *
 * @param user role of the session
 */
public record Database(Endpoint endpoint, String user, PasswordFile password, Tls tls, Pooler pooler) {}
