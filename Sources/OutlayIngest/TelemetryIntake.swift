internal import OutlayCore
