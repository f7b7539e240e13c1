/**
 * How the process runs as a server: defaults for Boot and Tomcat that hold for every service, each of them overridable in
 * the service's own configuration.
 */
@NullMarked
package dev.firebreak.starter.server;

import org.jspecify.annotations.NullMarked;
