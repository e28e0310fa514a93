; Included by the Windows installer: links that begin with wirebench: open the application, until it is uninstalled.

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\wirebench" "" "URL:Wirebench link"
  WriteRegStr SHELL_CONTEXT "Software\Classes\wirebench" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\wirebench\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\wirebench\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\wirebench"
!macroend
