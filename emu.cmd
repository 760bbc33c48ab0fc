@echo off
rem Checks what a Windows machine needs, builds after a change, and runs the command line. Untested on Windows.
setlocal EnableDelayedExpansion
set "ROOT=%~dp0"
set "DLL=%ROOT%src\Emu.Local\bin\Release\net10.0\emu-local.dll"
set "STAMP=%ROOT%src\Emu.Local\bin\Release\.built"
set DOTNET_NOLOGO=1
set ORT_DISABLE_TELEMETRY=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1

where dotnet >nul 2>nul
if errorlevel 1 (
  echo emu: the .NET 10 SDK is not installed. Type: winget install Microsoft.DotNet.SDK.10 1>&2
  exit /b 1
)

set NEEDS_FFMPEG=
if /i "%~1"=="generate" set NEEDS_FFMPEG=1
if /i "%~1"=="serve" set NEEDS_FFMPEG=1
if /i "%~1"=="work" set NEEDS_FFMPEG=1
if /i "%~1"=="test" set NEEDS_FFMPEG=1
if /i "%~1"=="bench" set NEEDS_FFMPEG=1
if /i "%~1"=="eval" set NEEDS_FFMPEG=1
if defined NEEDS_FFMPEG (
  where ffmpeg >nul 2>nul
  if errorlevel 1 (
    echo emu: ffmpeg is not installed. Type: winget install Gyan.FFmpeg 1>&2
    exit /b 1
  )
)

if /i "%~1"=="test" (
  rem Tests that need azurite or the openai client are skipped unless npm has installed them under %USERPROFILE%\.cache\emu\node.
  if "%~2"=="" (dotnet test "%ROOT%EmuFunctions.sln" -c Release --nologo) else (dotnet test "%ROOT%EmuFunctions.sln" -c Release --nologo --filter "FullyQualifiedName~%~2")
  exit /b !errorlevel!
)
if /i "%~1"=="bench" (
  dotnet run -c Release --project "%ROOT%bench\Emu.Bench" -- %2 %3 %4 %5 %6 %7 %8 %9
  exit /b !errorlevel!
)
if /i "%~1"=="eval" (
  dotnet run -c Release --project "%ROOT%bench\Emu.Bench" -- eval %2 %3 %4 %5 %6 %7 %8 %9
  exit /b !errorlevel!
)

rem Builds if a source file is newer than the stamp. A named mutex lets one launch build at a time.
powershell -NoProfile -ExecutionPolicy Bypass -Command ^
  "$root = $env:ROOT; $stamp = $env:STAMP;" ^
  "function Stale { if (-not (Test-Path $stamp)) { return $true }; $time = (Get-Item $stamp).LastWriteTimeUtc;" ^
  "  [bool](Get-ChildItem ($root + 'src'), ($root + 'Directory.Build.props'), ($root + 'Directory.Packages.props') -Recurse -File | Where-Object { $_.FullName -notmatch '\\(bin|obj)\\' -and $_.LastWriteTimeUtc -gt $time } | Select-Object -First 1) };" ^
  "if (-not (Stale)) { exit 0 };" ^
  "$mutex = New-Object System.Threading.Mutex($false, 'Local\EmuFunctionsBuild'); [void]$mutex.WaitOne();" ^
  "try { if (-not (Stale)) { exit 0 }; $began = Get-Date; [Console]::Error.WriteLine('emu: building src/Emu.Local (only after an install or a change) ...');" ^
  "  $log = & dotnet build ($root + 'src\Emu.Local') -c Release --nologo -v q 2>&1; if ($LASTEXITCODE -ne 0) { $log | ForEach-Object { [Console]::Error.WriteLine($_) }; exit 1 };" ^
  "  Set-Content -Path $stamp -Value ''; (Get-Item $stamp).LastWriteTime = $began } finally { $mutex.ReleaseMutex() }"
if errorlevel 1 exit /b 1
dotnet "%DLL%" %*
exit /b %errorlevel%
