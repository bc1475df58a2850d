@echo off
rem Licensed under the Apache License, Version 2.0: see LICENSE.
rem Batch close on Windows, with the Java of JAVA_HOME or of the PATH. Nobody has tried this one.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow %JAVA_OPTS% -cp "%~dp0..\lib\*" io.github.camelksher.examples.batch.BatchClose %*
exit /b %ERRORLEVEL%
